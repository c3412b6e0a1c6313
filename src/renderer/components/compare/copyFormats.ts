/** Formats in which tables are copied, as people call them. */
export const copyFormats = [
  { format: 'tex', name: 'LaTeX' },
  { format: 'md', name: 'Markdown' },
  { format: 'csv', name: 'CSV' },
] as const;
export type CopyFormat = (typeof copyFormats)[number]['format'];

/** One way to copy a table. */
export interface CopyChoice {
  label: string;
  /** What it is copied as. */
  name: string;
  write: () => Promise<string>;
}
