import { defineOtherCharacter, escapeLatex } from '../../shared/latexText.ts';
import type { Cell, Column, IntervalCell, NumberCell, Table } from './tables.ts';

export const tableFormats = ['md', 'tex', 'csv', 'json'] as const;
export type TableFormat = (typeof tableFormats)[number];

const isNumber = (cell: Cell | undefined): cell is NumberCell =>
  cell !== null && cell !== undefined && 'value' in cell;

const isInterval = (cell: Cell | undefined): cell is IntervalCell =>
  cell !== null && cell !== undefined && 'low' in cell;

/** Mean and deviation, or the number alone. */
const digitsOf = ({ value, decimals, deviation }: NumberCell): string[] =>
  [value, ...(typeof deviation === 'number' ? [deviation] : [])].map((part) =>
    part.toFixed(decimals),
  );

const printInterval = ({ low, high, decimals }: IntervalCell): string =>
  `[${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;

const heading = ({ title, unit }: Column): string => (unit === '' ? title : `${title} (${unit})`);

/** Whether a column holds numbers, and so is aligned by them. */
const isNumeric = ({ rows }: Table, index: number): boolean =>
  rows.some((row) => isNumber(row[index]));

const isAlignedRight = (table: Table, index: number): boolean =>
  isNumeric(table, index) || table.rows.some((row) => isInterval(row[index]));

/** A row is a line: what breaks lines in a name becomes a space. */
const toOneLine = (value: string): string => value.replace(/\s+/g, ' ');

const escapeMarkdown = (value: string): string =>
  toOneLine(value).replace(/[\\`*_[\]>|]|<(?=[a-z/!?])/gi, '\\$&');

function printMarkdown(cell: Cell): string {
  if (cell === null) return '–';
  if (isInterval(cell)) return printInterval(cell);
  if (!isNumber(cell)) return escapeMarkdown(cell.text) || '–';
  const printed = digitsOf(cell).join(' ± ');
  return cell.bold === true ? `**${printed}**` : printed;
}

function toMarkdown(table: Table): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(table.columns.map((column) => escapeMarkdown(heading(column)))),
    line(table.columns.map((_, i) => (isAlignedRight(table, i) ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map(printMarkdown))),
    '',
    escapeMarkdown(table.caption),
    '',
  ].join('\n');
}

/** Sign, and digits before and after the point, that a siunitx column must hold. */
function tableFormat({ rows }: Table, index: number): string {
  const cells = rows.flatMap((row) => {
    const cell = row[index];
    return isNumber(cell) ? [digitsOf(cell)] : [];
  });
  const sign = cells.some(([number]) => number?.startsWith('-')) ? '-' : '';
  const [whole, fraction] = [0, 1].map((side) =>
    Math.max(...cells.map(([number]) => number?.replace('-', '').split('.')[side]?.length ?? 0)),
  );
  const format = `${sign}${whole}.${fraction}`;
  if (cells.every(({ length }) => length === 1)) return `S[table-format=${format}]`;
  // siunitx counts all digits of a deviation, leading zeros apart.
  const digits = Math.max(
    ...cells.map(([, deviation]) => deviation?.replace('.', '').replace(/^0+/, '').length ?? 0),
  );
  return `S[table-format=${format}(${digits}),separate-uncertainty]`;
}

function printLatex(cell: Cell, inNumberColumn: boolean): string {
  if (isNumber(cell)) {
    return `${cell.bold === true ? '\\bfseries ' : ''}${digitsOf(cell).join(' \\pm ')}`;
  }
  if (isInterval(cell)) return `$${printInterval(cell)}$`;
  if (inNumberColumn) return '{--}';
  return cell === null ? '' : escapeLatex(cell.text);
}

/** For booktabs and siunitx: the preamble needs `\usepackage{booktabs,siunitx}`. */
function toLatex(table: Table): string {
  const { columns, rows, caption } = table;
  const alignment = columns.map((_, i) =>
    isNumeric(table, i) ? tableFormat(table, i) : isAlignedRight(table, i) ? 'c' : 'l',
  );
  const cell = (value: Cell, i: number): string => printLatex(value, isNumeric(table, i));
  const hasBold = rows.some((row) => row.some((value) => isNumber(value) && value.bold === true));
  const lines = [
    '\\begin{table}',
    '  \\centering',
    ...(hasBold ? ['  \\sisetup{detect-weight=true,mode=text}'] : []),
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\begin{tabular}{${alignment.join(' ')}}`,
    '    \\toprule',
    `    ${columns.map((column) => `{${escapeLatex(heading(column))}}`).join(' & ')} \\\\`,
    '    \\midrule',
    ...rows.map((row) => `    ${row.map(cell).join(' & ')} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ];
  const packages = '% \\usepackage{booktabs,siunitx}';
  return [packages, ...defineOtherCharacter(lines.join('')), ...lines].join('\n');
}

const quoteCsv = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** A cell's values in full precision, as many as its column has names for. */
function valuesOf(cell: Cell | undefined, { parts }: Column): (string | number | null)[] {
  if (isInterval(cell)) return [cell.low, cell.high];
  const deviation = isNumber(cell) ? (cell.deviation ?? null) : null;
  const value =
    cell === null || cell === undefined ? null : isNumber(cell) ? cell.value : cell.text;
  return parts === undefined ? [value] : [value, deviation];
}

const keysOf = ({ columns }: Table): string[] =>
  columns.flatMap(({ key, parts }) => parts ?? [key]);

const listValues = ({ columns, rows }: Table): (string | number | null)[][] =>
  rows.map((row) => columns.flatMap((column, i) => valuesOf(row[i], column)));

/** RFC 4180, numbers in full precision. */
function toCsv(table: Table): string {
  const full = (value: string | number | null): string =>
    typeof value === 'string' ? quoteCsv(value) : value === null ? '' : String(value);
  const lines = [keysOf(table), ...listValues(table).map((values) => values.map(full))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** `caption`, `columns` and one object per row, numbers in full precision (`tableDocumentSchema`). */
function toJson(table: Table): string {
  const columns = table.columns.flatMap(({ key, title, unit, parts }) =>
    (parts ?? [key]).map((name) => ({ key: name, title, unit })),
  );
  const keys = keysOf(table);
  const rows = listValues(table).map((values) =>
    Object.fromEntries(keys.map((key, i) => [key, values[i] ?? null])),
  );
  return `${JSON.stringify({ caption: table.caption, columns, rows }, null, 2)}\n`;
}

const formatters: Record<TableFormat, (table: Table) => string> = {
  md: toMarkdown,
  tex: toLatex,
  csv: toCsv,
  json: toJson,
};

export const formatTable = (table: Table, format: TableFormat): string => formatters[format](table);
