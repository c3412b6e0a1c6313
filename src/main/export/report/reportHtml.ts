import type { TableLayout } from '../../../core/statistics/comparison.ts';
import {
  headingOf,
  isAlignedRight,
  isNumber,
  listNotes,
  noteOf,
  printCell,
  type Cell,
  type Table,
} from '../table.ts';
import { arrangeTable } from '../tablePlacement.ts';
import { writeMarkdownHtml } from './markdownHtml.ts';
import type { Report, ReportBlock } from './report.ts';
import { paragraphsOf } from './reportTex.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? '');

function writeCell(cell: Cell, isRight: boolean, notes: ReadonlyMap<string, string>): string {
  const text = cell === null || printCell(cell) === '' ? '–' : escapeHtml(printCell(cell));
  const shown = isNumber(cell) && cell.bold === true ? `<b>${text}</b>` : text;
  const mark = notes.get(noteOf(cell) ?? '');
  const raised = mark === undefined ? '' : `<sup>${mark}</sup>`;
  return `<td${isRight ? ' class="right"' : ''}>${shown}${raised}</td>`;
}

function writeTable(given: Table, layout: TableLayout): string[] {
  const { table } = arrangeTable(given, layout);
  const notes = listNotes(table);
  const isRight = table.columns.map((_, i) => isAlignedRight(table, i));
  const headings = table.columns.map(
    (column, i) =>
      `<th scope="col"${isRight[i] === true ? ' class="right"' : ''}>${escapeHtml(headingOf(column))}</th>`,
  );
  return [
    '<figure>',
    `<figcaption>${escapeHtml(table.caption)}</figcaption>`,
    '<div class="wide"><table>',
    `<thead><tr>${headings.join('')}</tr></thead>`,
    '<tbody>',
    ...table.rows.map(
      (row) =>
        `<tr>${row.map((cell, i) => writeCell(cell, isRight[i] ?? false, notes)).join('')}</tr>`,
    ),
    '</tbody></table></div>',
    ...[...notes].map(
      ([note, mark]) => `<p class="note"><sup>${mark}</sup> ${escapeHtml(note)}.</p>`,
    ),
    '</figure>',
  ];
}

/** As a picture, so that names inside one figure's SVG meet none of another's. */
const pictureOf = (svg: Uint8Array): string =>
  `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;

function writeBlock(block: ReportBlock, drawings: ReadonlyMap<string, Uint8Array>): string[] {
  switch (block.kind) {
    case 'heading':
      return [`<h2>${escapeHtml(block.text)}</h2>`];
    case 'text':
      return paragraphsOf(block.text).map((text) => `<p>${escapeHtml(text)}</p>`);
    case 'markdown':
      return [writeMarkdownHtml(block.text)];
    case 'list':
      return ['<ul>', ...block.items.map((item) => `<li>${escapeHtml(item)}</li>`), '</ul>'];
    case 'commands':
      return [`<pre>${block.lines.map(escapeHtml).join('\n')}</pre>`];
    case 'table':
      return writeTable(block.table, block.layout);
    case 'figure': {
      const { title, caption } = block.figure;
      const source = pictureOf(drawings.get(block.stem) ?? new Uint8Array(0));
      return [
        '<figure>',
        `<img alt="${escapeHtml(title)}" src="${source}">`,
        `<figcaption>${escapeHtml(caption)}</figcaption>`,
        '</figure>',
      ];
    }
  }
}

const style = `
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d22; background: #fff;
  font: 16px/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.5rem; }
h3, h4, h5, h6 { margin: 1.25rem 0 0.5rem; font-size: 1rem; }
code { padding: 0 0.25rem; border-radius: 3px; background: #f3f3f6; overflow-wrap: anywhere; }
pre code { padding: 0; }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #d5d5dd; color: #55555f; }
a { color: #1a4fa0; overflow-wrap: anywhere; }
.made, .note, figcaption { color: #55555f; font-size: 0.875rem; }
.wide { overflow-x: auto; }
table { margin: 0.75rem 0; border-collapse: collapse; border-bottom: 2px solid;
  font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.75rem 0.2rem 0; text-align: left; vertical-align: top; }
thead { border-top: 2px solid; border-bottom: 1px solid; }
.right { text-align: right; }
figure { margin: 2rem 0; }
img { max-width: 100%; height: auto; }
pre { padding: 0.75rem 1rem; border-radius: 6px; background: #f3f3f6; white-space: pre-wrap;
  overflow-wrap: anywhere; }
`;

/**
 * The report as one file that loads nothing and runs nothing.
 *
 * @param drawings the figures' SVG by their stems, with fonts inside
 */
export function writeReportHtml(
  { title, madeBy, blocks }: Report,
  drawings: ReadonlyMap<string, Uint8Array>,
): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:";
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="made">${escapeHtml(madeBy)}</p>`,
    ...blocks.flatMap((block) => writeBlock(block, drawings)),
    '</html>',
    '',
  ].join('\n');
}
