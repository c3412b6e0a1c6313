import type { TableFormat } from '../../core/statistics/comparison.ts';
import { toCsv, type CsvValue } from './csv.ts';
import {
  headingOf,
  isAlignedRight,
  isInterval,
  isNumber,
  listNotes,
  noteOf,
  printCell,
  raise,
  type Cell,
  type Column,
  type Table,
} from './table.ts';
import { toLatex } from './tableLatex.ts';
import { arrangeTable, placeTable, type TablePlacement } from './tablePlacement.ts';
import { toText } from './tableText.ts';

/** Formats for reading, in which rows and columns may change places. */
export const isLaidOut = (format: TableFormat): boolean =>
  format === 'text' || format === 'md' || format === 'tex';

const escapeMarkdown = (value: string): string =>
  value.replace(/\s+/g, ' ').replace(/[\\`*_[\]>|]|<(?=[a-z/!?])/gi, '\\$&');

function printMarkdown(cell: Cell, notes: ReadonlyMap<string, string>): string {
  if (cell === null || printCell(cell) === '') return '–';
  const text = printCell(cell);
  if (isInterval(cell)) return text;
  const mark = raise(notes.get(noteOf(cell) ?? '') ?? '');
  if (!isNumber(cell)) return `${escapeMarkdown(text)}${mark}`;
  return `${cell.bold === true ? `**${text}**` : text}${mark}`;
}

function toMarkdown(table: Table): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const notes = listNotes(table);
  return [
    line(table.columns.map((column) => escapeMarkdown(headingOf(column)))),
    line(table.columns.map((_, i) => (isAlignedRight(table, i) ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map((cell) => printMarkdown(cell, notes)))),
    '',
    escapeMarkdown(table.caption),
    ...[...notes].flatMap(([note, mark]) => ['', `${raise(mark)} ${escapeMarkdown(note)}.`]),
    '',
  ].join('\n');
}

/** A cell's value, both of them where its column has names for two. */
function mainValues(cell: Cell, { parts }: Column): CsvValue[] {
  if (cell === null) return parts === undefined ? [null] : [null, null];
  if (isInterval(cell)) return [cell.low, cell.high];
  const value = isNumber(cell) ? cell.value : cell.exact === undefined ? cell.text : cell.exact;
  if (parts === undefined) return [value];
  return [value, isNumber(cell) ? (cell.deviation ?? null) : null];
}

function valuesOf(cell: Cell, column: Column): CsvValue[] {
  const counts = cell === null || isInterval(cell) ? [] : (cell.counts ?? []);
  const { countKeys = [] } = column;
  return [...mainValues(cell, column), ...countKeys.map((_, i) => counts[i] ?? null)];
}

const keysOf = ({ key, parts, countKeys = [] }: Column): string[] => [
  ...(parts ?? [key]),
  ...countKeys,
];

const listValues = ({ columns, rows }: Table): CsvValue[][] =>
  rows.map((row) => columns.flatMap((column, i) => valuesOf(row[i] ?? null, column)));

/** `caption`, `columns` and one object per row, numbers in full (`tableDocumentSchema`). */
function toJson(table: Table): string {
  const columns = table.columns.flatMap((column) => {
    const { title, unit, countKeys = [] } = column;
    return keysOf(column).map((key) =>
      countKeys.includes(key) ? { key, title: 'n', unit: '' } : { key, title, unit },
    );
  });
  const rows = listValues(table).map((values) =>
    Object.fromEntries(columns.map(({ key }, i) => [key, values[i] ?? null])),
  );
  return `${JSON.stringify({ caption: table.caption, columns, rows }, null, 2)}\n`;
}

/**
 * A table as text. CSV and JSON have a row per row of the table; what is for reading is laid out as
 * asked, by itself in the narrower way. INVALID_ARGUMENT where LaTeX has too little room.
 */
export function formatTable(
  table: Table,
  format: TableFormat,
  placement: TablePlacement = { layout: 'auto', venue: null },
): string {
  if (format === 'csv') return toCsv([table.columns.flatMap(keysOf), ...listValues(table)]);
  if (format === 'json') return toJson(table);
  if (format === 'text') return toText(table, placement.layout, placement.lineLength ?? null);
  if (format === 'md') return toMarkdown(arrangeTable(table, placement.layout).table);
  return toLatex(placeTable(table, placement));
}
