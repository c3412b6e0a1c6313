import type { Cell, Column, Table } from './tables.ts';

export const tableFormats = ['md', 'tex', 'csv', 'json'] as const;
export type TableFormat = (typeof tableFormats)[number];

const isNumber = (cell: Cell | undefined): boolean =>
  cell !== null && cell !== undefined && 'value' in cell;

function plain(cell: Cell): string {
  if (cell === null) return '';
  return 'text' in cell ? cell.text : cell.value.toFixed(cell.decimals);
}

const heading = ({ title, unit }: Column): string => (unit === '' ? title : `${title} (${unit})`);

/** Whether a column holds numbers, and so is aligned by them. */
const isNumeric = ({ rows }: Table, index: number): boolean =>
  rows.some((row) => isNumber(row[index]));

/** A row is a line: what breaks lines in a name becomes a space. */
const toOneLine = (value: string): string => value.replace(/\s+/g, ' ');

const escapeMarkdown = (value: string): string =>
  toOneLine(value).replace(/[\\`*_[\]<>|]/g, '\\$&');

function toMarkdown(table: Table): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(table.columns.map((column) => escapeMarkdown(heading(column)))),
    line(table.columns.map((_, i) => (isNumeric(table, i) ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map((cell) => escapeMarkdown(plain(cell)) || '–'))),
    '',
    escapeMarkdown(table.caption),
    '',
  ].join('\n');
}

const latexCharacters: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  // At the beginning of a row, these would belong to the line break before it.
  '*': '{*}',
  '[': '{[}',
  ']': '{]}',
};

/** Text for LaTeX, on one line. */
export const escapeLatex = (value: string): string =>
  toOneLine(value).replace(
    /[\\~^<>|*[\]&%$#_{}]/g,
    (character) => latexCharacters[character] ?? `\\${character}`,
  );

/** Sign, and digits before and after the point, that a siunitx column must hold. */
function tableFormat({ rows }: Table, index: number): string {
  const numbers = rows.flatMap((row) => (isNumber(row[index]) ? [plain(row[index] ?? null)] : []));
  const sign = numbers.some((number) => number.startsWith('-')) ? '-' : '';
  const [whole, fraction] = [0, 1].map((part) =>
    Math.max(...numbers.map((number) => number.replace('-', '').split('.')[part]?.length ?? 0)),
  );
  return `S[table-format=${sign}${whole}.${fraction}]`;
}

/** For booktabs and siunitx: the preamble needs `\usepackage{booktabs,siunitx}`. */
function toLatex(table: Table): string {
  const { columns, rows, caption } = table;
  const alignment = columns.map((_, i) => (isNumeric(table, i) ? tableFormat(table, i) : 'l'));
  const cell = (value: Cell, i: number): string =>
    isNumber(value) ? plain(value) : isNumeric(table, i) ? '{--}' : escapeLatex(plain(value));
  return [
    '% \\usepackage{booktabs,siunitx}',
    '\\begin{table}',
    '  \\centering',
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
  ].join('\n');
}

const quoteCsv = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** RFC 4180, numbers in full precision. */
function toCsv({ columns, rows }: Table): string {
  const full = (cell: Cell): string =>
    cell === null ? '' : 'text' in cell ? quoteCsv(cell.text) : String(cell.value);
  const lines = [columns.map(({ key }) => key), ...rows.map((row) => row.map(full))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** `caption`, `columns` and one object per row, numbers in full precision. */
function toJson({ caption, columns, rows }: Table): string {
  const value = (cell: Cell | undefined): string | number | null =>
    cell === null || cell === undefined ? null : 'text' in cell ? cell.text : cell.value;
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map(({ key }, i) => [key, value(row[i])])),
  );
  return `${JSON.stringify({ caption, columns, rows: objects }, null, 2)}\n`;
}

const formatters: Record<TableFormat, (table: Table) => string> = {
  md: toMarkdown,
  tex: toLatex,
  csv: toCsv,
  json: toJson,
};

export const formatTable = (table: Table, format: TableFormat): string => formatters[format](table);
