import type { TableLayout } from '../../core/statistics/comparison.ts';
import {
  headingOf,
  isAlignedRight,
  isNumber,
  listNotes,
  noteOf,
  printCell,
  raise,
  transpose,
  type Cell,
  type Table,
} from './table.ts';

/** A column as lines of one width: its heading's, a rule, and a line per row. */
type TextColumn = string[];

const gap = '  ';
/** Longest line of the words below a table where no terminal says what fits. */
const usualLine = 100;

/** Characters that it takes on a terminal; names in wide scripts take more than is counted here. */
const widthOf = (text: string): number => Array.from(text).length;
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));

/** In one line, and nothing in it that a terminal would obey. */
const tame = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** Words on lines of at most `width` characters, a longer word on a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of tame(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

const isBest = (cell: Cell): boolean => isNumber(cell) && cell.bold === true;

const pad = (text: string, width: number, toRight: boolean): string => {
  const filling = ' '.repeat(Math.max(0, width - widthOf(text)));
  return toRight ? `${filling}${text}` : `${text}${filling}`;
};

/** What stands behind a cell: a star for the best value, and its note's letter. */
const markOf = (cell: Cell, notes: ReadonlyMap<string, string>): string =>
  `${isBest(cell) ? '*' : ''}${raise(notes.get(noteOf(cell) ?? '') ?? '')}`;

function buildColumn(
  table: Table,
  index: number,
  notes: ReadonlyMap<string, string>,
  breaksHeading: boolean,
): { heading: string[]; cells: string[]; toRight: boolean } {
  const toRight = isAlignedRight(table, index);
  const cells = table.rows.map((row): Cell => row[index] ?? null);
  const texts = cells.map((cell) => tame(printCell(cell)) || '–');
  const marks = cells.map((cell) => markOf(cell, notes));
  const [textWidth, markWidth] = [widest(texts), widest(marks)];
  const column = table.columns[index];
  const title = tame(column === undefined ? '' : headingOf(column));
  const room = Math.max(textWidth + markWidth, widest(title.split(' ')));
  return {
    heading: breaksHeading ? wrapWords(title, room) : [title],
    cells: texts.map(
      (text, i) => pad(text, textWidth, toRight) + pad(marks[i] ?? '', markWidth, false),
    ),
    toRight,
  };
}

function buildColumns(table: Table, breaksHeadings: boolean): TextColumn[] {
  const notes = listNotes(table);
  const columns = table.columns.map((_, i) => buildColumn(table, i, notes, breaksHeadings));
  const headLines = Math.max(0, ...columns.map(({ heading }) => heading.length));
  return columns.map(({ heading, cells, toRight }) => {
    const width = widest([...heading, ...cells]);
    const above = new Array<string>(headLines - heading.length).fill('');
    return [
      ...[...above, ...heading].map((line) => pad(line, width, toRight)),
      '-'.repeat(width),
      ...cells.map((cell) => pad(cell, width, toRight)),
    ];
  });
}

const widthOfAll = (columns: readonly TextColumn[]): number =>
  columns.reduce((sum, column) => sum + widest(column), gap.length * (columns.length - 1));

/** The columns as they stand below each other where a line is too short, the first one each time. */
function splitColumns([first, ...others]: readonly TextColumn[], room: number): TextColumn[][] {
  if (first === undefined) return [];
  const blocks: TextColumn[][] = [[first]];
  for (const column of others) {
    const block = blocks.at(-1) ?? [];
    if (block.length > 1 && widthOfAll([...block, column]) > room) blocks.push([first, column]);
    else block.push(column);
  }
  return blocks;
}

const joinColumns = (columns: readonly TextColumn[]): string[] =>
  (columns[0] ?? []).map((_, i) =>
    columns
      .map((column) => column[i] ?? '')
      .join(gap)
      .trimEnd(),
  );

/** The layouts allowed, first those that fit the line without breaking headings. */
function arrange(table: Table, layout: TableLayout, room: number): TextColumn[] {
  const tables = [
    ...(layout === 'columns' ? [] : [table]),
    ...(layout === 'rows' ? [] : [transpose(table)]),
  ];
  const ways = [false, true].flatMap((breaks) => tables.map((one) => buildColumns(one, breaks)));
  return ways.find((columns) => widthOfAll(columns) <= room) ?? ways[tables.length] ?? [];
}

/**
 * A table for reading in a terminal: columns in line, what they mean below them. One that is wider than
 * `room` characters (null: any width) breaks its headings, else changes rows for columns where the
 * layout allows it, else stands in several parts below each other. A star marks the best value.
 */
export function toText(table: Table, layout: TableLayout, room: number | null): string {
  const line = room ?? Infinity;
  const blocks = splitColumns(arrange(table, layout, line), line).map(joinColumns);
  const hasBest = table.rows.some((row) => row.some(isBest));
  const notes = [...listNotes(table)].map(([note, mark]) => `${raise(mark)} ${note}.`);
  const words = [table.caption, ...(hasBest ? ['* the best of its metric.'] : []), ...notes];
  const lines = words.flatMap((text) => wrapWords(text, room ?? usualLine));
  return `${[...blocks.map((block) => block.join('\n')), lines.join('\n')].join('\n\n')}\n`;
}
