import { AfterimageError } from '../../core/errors.ts';
import { minus } from '../../core/figures/figure.ts';

/** What any cell may say besides its value. */
interface Remarks {
  /** Plain text below the table, to which a mark in the cell leads. */
  note?: string;
  /** In CSV and JSON, after the value, under its column's `countKeys`. */
  counts?: readonly number[];
}

/** A number as printed, with its standard deviation where it is a mean. */
export interface NumberCell extends Remarks {
  value: number;
  decimals: number;
  deviation?: number | null;
  /** Whether it is the best of its column. */
  bold?: boolean;
}

export interface IntervalCell {
  low: number;
  high: number;
  decimals: number;
}

export interface TextCell extends Remarks {
  text: string;
  /** What CSV and JSON hold in the text's place. */
  exact?: number | null;
}

/** A cell: text, a number, an interval, or nothing. */
export type Cell = TextCell | NumberCell | IntervalCell | null;

export interface Column {
  /** Name in CSV and JSON. */
  key: string;
  /** Names of a cell's values there where it has two: mean and deviation, low and high. */
  parts?: readonly [string, string];
  /** Names there of a cell's counts, such as what a mean is over. */
  countKeys?: readonly string[];
  title: string;
  /** Empty for counts and pure numbers. */
  unit: string;
  /** Whether it can be left out before others where there is too little room. */
  isSpare?: boolean;
}

export interface Table {
  caption: string;
  /** What `\ref{tab:...}` calls it in LaTeX. */
  label: string;
  columns: Column[];
  /** Each as long as `columns`. */
  rows: Cell[][];
}

export const isNumber = (cell: Cell | undefined): cell is NumberCell =>
  cell !== null && cell !== undefined && 'value' in cell;

export const isInterval = (cell: Cell | undefined): cell is IntervalCell =>
  cell !== null && cell !== undefined && 'low' in cell;

/** `0.00`, never `-0.00`; a hyphen stands for the minus sign. */
function toFixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** Mean and deviation, or the number alone. */
export const digitsOf = ({ value, decimals, deviation }: NumberCell): string[] =>
  [value, ...(typeof deviation === 'number' ? [deviation] : [])].map((part) =>
    toFixed(part, decimals),
  );

/** A cell as it is read, empty where there is nothing. */
export function printCell(cell: Cell): string {
  if (cell === null) return '';
  if (isInterval(cell)) {
    const [low, high] = [cell.low, cell.high].map((end) => toFixed(end, cell.decimals));
    return `[${low ?? ''}, ${high ?? ''}]`.replaceAll('-', minus);
  }
  return isNumber(cell) ? digitsOf(cell).join(' ± ').replaceAll('-', minus) : cell.text;
}

export const headingOf = ({ title, unit }: Column): string =>
  unit === '' ? title : `${title} (${unit})`;

const isAlignedNumber = (cell: Cell | undefined): boolean =>
  isNumber(cell) || isInterval(cell) || typeof cell?.exact === 'number';

/** Whether a column holds numbers, of whatever kind, and so ends on the right. */
export const isAlignedRight = ({ rows }: Table, index: number): boolean =>
  rows.some((row) => isAlignedNumber(row[index]));

/** Letters for marks; Unicode has no raised q. */
export const markLetters = 'abcdefghijklmnoprstuvwxyz';

/** In the order of `markLetters`. */
const raisedLetters = Array.from('ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ');
/** A note's letters as they stand behind a cell in plain text. */
export const raise = (mark: string): string =>
  Array.from(mark, (letter) => raisedLetters[markLetters.indexOf(letter)] ?? letter).join('');

const markAt = (index: number): string => {
  const earlier = Math.floor(index / markLetters.length);
  return (
    (earlier === 0 ? '' : markAt(earlier - 1)) + markLetters.charAt(index % markLetters.length)
  );
};

export const noteOf = (cell: Cell | undefined): string | undefined =>
  cell === null || cell === undefined || isInterval(cell) ? undefined : cell.note;

/** The table's notes in the order in which they are met, each with its mark: `a`, `b`, ... */
export function listNotes({ rows }: Table): Map<string, string> {
  const notes = new Set(rows.flat().flatMap((cell) => noteOf(cell) ?? []));
  return new Map([...notes].map((note, i) => [note, markAt(i)]));
}

/** The table with the columns named alone, in the order named. INVALID_ARGUMENT for others. */
export function pickFields(table: Table, keys: readonly string[]): Table {
  const { columns, rows } = table;
  const indices = [...new Set(keys)].map((key) => {
    const index = columns.findIndex((column) => column.key === key);
    if (index >= 0) return index;
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `The table has no field ${key}.`,
      `Choose from ${columns.map((column) => column.key).join(', ')}.`,
    );
  });
  const pick = <T>(items: readonly T[]): T[] => indices.flatMap((i) => items.slice(i, i + 1));
  return { ...table, columns: pick(columns), rows: rows.map(pick) };
}

/** A row for every column and a column for every row; the first column becomes the headings. */
export function transpose(table: Table): Table {
  const [first, ...others] = table.columns;
  if (first === undefined) return table;
  const heads = table.rows.map(([cell = null], i): Column => {
    return { key: String(i), title: printCell(cell), unit: '' };
  });
  const rows = others.map((column, i): Cell[] => [
    { text: headingOf(column) },
    ...table.rows.map((row) => row[i + 1] ?? null),
  ]);
  return { ...table, columns: [first, ...heads], rows };
}
