const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const writeRow = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;

/** A Markdown table. */
export const writeTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [writeRow(head), writeRow(head.map(() => '---')), ...rows.map(writeRow)].join('\n');
