export type CsvValue = string | number | boolean | null;

const quote = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const printValue = (value: CsvValue): string => (value === null ? '' : quote(String(value)));

/** RFC 4180; numbers with all the digits that they have. */
export const toCsv = (rows: readonly (readonly CsvValue[])[]): string =>
  rows.map((row) => `${row.map(printValue).join(',')}\r\n`).join('');
