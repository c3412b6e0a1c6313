import DOMPurify from 'dompurify';
import { markdown } from '../../../core/formats/markdown.ts';

/**
 * Markdown as HTML without scripts, styles, images, frames or forms. Links open outside the
 * workbench's window and tell nothing of where they came from.
 */
export function renderMarkdown(source: string): string {
  const fragment = DOMPurify.sanitize(markdown.render(source), {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'img', 'video', 'audio', 'form', 'input', 'button', 'textarea'],
    FORBID_ATTR: ['style', 'class', 'id'],
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  const holder = document.createElement('div');
  holder.append(fragment);
  return holder.innerHTML;
}
