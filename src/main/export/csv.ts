export type CsvValue = string | number | boolean | null;

const quote = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

/**
 * A spreadsheet takes what begins so for a formula, and runs it. Names come from whoever made the run
 * or the bundle that it came in; an apostrophe before them makes them text. Numbers stay numbers.
 */
const disarm = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !isNumber(text) ? `'${text}` : text;

const printValue = (value: CsvValue): string =>
  value === null ? '' : quote(disarm(String(value)));

/** RFC 4180; numbers with all the digits that they have. */
export const toCsv = (rows: readonly (readonly CsvValue[])[]): string =>
  rows.map((row) => `${row.map(printValue).join(',')}\r\n`).join('');

/** The cells of what `toCsv` wrote, as text. */
export function parseCsv(text: string): string[][] {
  const cells = text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g);
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, cell = '', end] of cells) {
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
