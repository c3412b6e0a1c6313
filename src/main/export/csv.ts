import { shortestText } from '../../shared/decimalText.ts';

export type CsvValue = string | number | boolean | null;

const quote = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function printValue(value: CsvValue): string {
  if (value === null) return '';
  return typeof value === 'number' ? shortestText(value) : quote(String(value));
}

/** RFC 4180; numbers with all the digits that they have, and no others. */
export const toCsv = (rows: readonly (readonly CsvValue[])[]): string =>
  rows.map((row) => `${row.map(printValue).join(',')}\r\n`).join('');
