// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { writeReportHtml } from '../../../../src/main/export/report/reportHtml.ts';
import type { ReportBlock } from '../../../../src/main/export/report/report.ts';

const awkward = String.raw`R&C's 50% <b>"q"</b> &amp; ${'</p><script>x</script>'}`;

const blocks: ReportBlock[] = [
  { kind: 'heading', text: awkward },
  { kind: 'text', text: `one\n\n${awkward}` },
  {
    kind: 'markdown',
    text: `# *a*\n\n${awkward}\n\n1. [b](https://x.org?a=1&b=2)\n2. \`c<d\`\n\n![e](https://x.org/e.png)\n\n[f](javascript:f)`,
  },
  { kind: 'list', items: [awkward, 'two'] },
  { kind: 'commands', lines: [awkward, "study run 'a b'"] },
  {
    kind: 'table',
    stem: 'a',
    layout: 'rows',
    table: {
      caption: awkward,
      label: 'a',
      columns: [
        { key: 'name', title: awkward, unit: '' },
        { key: 'value', title: 'Value', unit: '%' },
      ],
      rows: [
        [{ text: awkward }, { value: 91.256, decimals: 1, deviation: 0.52, note: 'over 3' }],
        [null, { value: 2, decimals: 0, bold: true }],
      ],
    },
  },
];
const html = writeReportHtml({ title: awkward, madeBy: 'me', blocks }, new Map());
const page = new DOMParser().parseFromString(html, 'text/html');
const texts = (selector: string): (string | null)[] =>
  [...page.querySelectorAll(selector)].map((one) => one.textContent);

it('has every text as it is, and none of it as markup', () => {
  expect(texts('h1, h2, title')).toEqual([awkward, awkward, awkward]);
  expect(texts('p:not([class])').slice(0, 2)).toEqual(['one', awkward]);
  expect(texts('ul > li')).toEqual([awkward, 'two']);
  expect(texts('pre')).toEqual([`${awkward}\nstudy run 'a b'`]);
  expect(texts('figcaption')).toEqual([awkward]);
  expect(texts('script, link, iframe')).toEqual([]);
});

it('has Markdown as what it says, below the headings of the report, and fetches nothing for it', () => {
  expect(texts('h3 > em')).toEqual(['a']);
  expect(texts('ol > li')).toEqual(['b', 'c<d']);
  expect(texts('li > code')).toEqual(['c<d']);
  const [link, ...others] = page.querySelectorAll('a');
  expect(link?.getAttribute('href')).toBe('https://x.org?a=1&b=2');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  expect(others).toEqual([]);
  expect(texts('p').filter((text) => text === 'e' || text === '[f](javascript:f)')).toHaveLength(2);
  expect(page.querySelector('img')).toBeNull();
});

it('shows numbers as tables do, with their notes', () => {
  expect(texts('th')).toEqual([awkward, 'Value (%)']);
  expect(texts('td')).toEqual([awkward, '91.3 ± 0.5a', '–', '2']);
  expect(texts('td b')).toEqual(['2']);
  expect(texts('.note')).toEqual(['a over 3.']);
});

it('forbids what it does not need', () => {
  const policy = page.querySelector('meta[http-equiv]')?.getAttribute('content');
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toMatch(/script|https?:/);
});
