import { markdown, parseMarkdown } from '../../../core/formats/markdown.ts';

/** What stands above them in a report. */
const headingsAbove = 2;

/** Markdown as HTML below a heading of the second level. */
export function writeMarkdownHtml(source: string): string {
  const tokens = parseMarkdown(source);
  for (const token of tokens) {
    if (token.type.startsWith('heading_')) {
      token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + headingsAbove)}`;
    }
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') child.attrSet('rel', 'noopener noreferrer');
    }
  }
  return markdown.renderer.render(tokens, markdown.options, {}).trim();
}
