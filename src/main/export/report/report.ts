import type { BuiltFigure } from '../figureBuild.ts';
import type { Table } from '../table.ts';

/** A part of a report, in plain text but for `markdown`: what writes it escapes it. */
export type ReportBlock =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'markdown'; text: string }
  | { kind: 'list'; items: readonly string[] }
  /** Lines for a shell, as they are typed. */
  | { kind: 'commands'; lines: readonly string[] }
  /** `stem` is of its files, and its label; `rows` where it is only read down. */
  | { kind: 'table'; table: Table; stem: string; layout: 'auto' | 'rows' }
  | { kind: 'figure'; figure: BuiltFigure; stem: string };

/** What is reported, before it is LaTeX or HTML. */
export interface Report {
  title: string;
  /** What made it, for the foot of its first page. */
  madeBy: string;
  blocks: readonly ReportBlock[];
}

/** Rows of a table on one page. */
const mostRows = 36;

/** A long table as several that fit a page each, the first with its caption. */
export function splitTable(table: Table): Table[] {
  const pages = Math.max(1, Math.ceil(table.rows.length / mostRows));
  return Array.from({ length: pages }, (_, page) => ({
    ...table,
    rows: table.rows.slice(page * mostRows, (page + 1) * mostRows),
    ...(page > 0 && { caption: 'Continued.', label: `${table.label}-${page + 1}` }),
  }));
}
