// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../../src/renderer/components/common/markdown.ts';

function render(source: string): HTMLElement {
  const holder = document.createElement('div');
  holder.innerHTML = renderMarkdown(source);
  return holder;
}

describe('renderMarkdown', () => {
  it('renders what a note needs', () => {
    const note = render(
      '# Seen\n\nThe map **settles**; `iou` 0.5.\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|',
    );
    expect(note.querySelector('h1')?.textContent).toBe('Seen');
    expect(note.querySelector('strong')?.textContent).toBe('settles');
    expect(note.querySelectorAll('li')).toHaveLength(2);
    expect(note.querySelector('td')?.textContent).toBe('1');
  });

  it.each([
    '<script>window.hacked = true</script>',
    '<img src=x onerror="window.hacked = true">',
    '[click](javascript:window.hacked=true)',
    '<a href="javascript:window.hacked=true">click</a>',
    '<svg onload="window.hacked = true"></svg>',
    '<iframe src="https://example.org"></iframe>',
    '![pixel](https://example.org/track.png)',
    '<p style="position: fixed">over all</p>',
  ])('does nothing with %s', (source) => {
    const note = render(source);
    expect(note.querySelector('script, img, svg, iframe, form, [style]')).toBeNull();
    for (const element of note.querySelectorAll('*')) {
      expect(element.getAttributeNames().filter((name) => name.startsWith('on'))).toEqual([]);
      expect(element.getAttribute('href') ?? '').not.toMatch(/^\s*javascript:/i);
    }
    expect((window as { hacked?: boolean }).hacked).toBeUndefined();
  });

  it('opens links outside the workbench', () => {
    const link = render('https://example.org').querySelector('a');
    expect(link?.href).toBe('https://example.org/');
    expect(link?.target).toBe('_blank');
    expect(link?.rel).toBe('noopener noreferrer');
  });
});
