import type { FontWeight } from '../../core/figures/drawing/shapes.ts';
import { toSettable } from '../../core/formats/latexText.ts';
import { measureComputerModern } from './computerModern.ts';
import { createMeasure, ownFonts } from './fonts.ts';
import { headingOf, isNumber, type Table } from './table.ts';
import { fillColumn } from './tableColumns.ts';

/** The type that a table is set in. Points are TeX's, 72.27 to the inch. */
export interface TableType {
  font: 'computer-modern' | 'serif' | 'sans';
  sizePt: number;
  /** Between a column and the line at its side, to either side of every column. */
  columnSepPt: number;
}

/** What kerning and rounding may add to a text, in em. */
const margin = 0.01;

/** Signs that LaTeX takes from its mathematical font, at most this wide there, in em. */
const signWidth = 0.83;
const signs = /[−±×<>|\\]/g;

/** The width of plain text as LaTeX sets it, never less. */
function measureText(text: string, { font, sizePt }: TableType, weight: FontWeight): number {
  const set = toSettable(text);
  const letters = set.replace(signs, '');
  const width =
    font === 'computer-modern'
      ? measureComputerModern(letters, sizePt, weight)
      : createMeasure(ownFonts(font))(letters, sizePt, weight);
  return width + ((set.length - letters.length) * signWidth + margin) * sizePt;
}

/** A heading on two lines, broken at the space that leaves the narrower of both the widest. */
function breakInTwo(heading: string, measure: (text: string) => number): string[] {
  const words = heading.split(' ');
  const ways = words.map((_, i) =>
    [words.slice(0, i), words.slice(i)].map((line) => line.join(' ')).filter((line) => line !== ''),
  );
  const widthOf = (lines: readonly string[]): number => Math.max(...lines.map(measure));
  return ways.reduce((best, way) => (widthOf(way) < widthOf(best) ? way : best), [heading]);
}

/** The widest of a column's cells. */
function measureBody(table: Table, index: number, type: TableType): number {
  const widths = fillColumn(table, index).map(({ before, filling, after }, k) => {
    const cell = table.rows[k]?.[index];
    const weight = isNumber(cell) && cell.bold === true ? 'bold' : 'normal';
    return measureText(`${before}${filling}${after}`, type, weight);
  });
  return Math.max(0, ...widths);
}

export interface MeasuredTable {
  widthPt: number;
  /** The lines of every column's heading. */
  headings: string[][];
}

/**
 * How wide the table comes out in LaTeX, never less than it is.
 *
 * @param lines whether headings may take two lines where they are wider than what is below them
 */
export function measureTable(table: Table, type: TableType, lines: 1 | 2): MeasuredTable {
  const measure = (text: string): number => measureText(text, type, 'normal');
  let widthPt = 2 * type.columnSepPt * table.columns.length;
  const headings = table.columns.map((column, i) => {
    const [heading, body] = [headingOf(column), measureBody(table, i, type)];
    const isWider = measure(heading) > body;
    const broken = lines === 2 && isWider ? breakInTwo(heading, measure) : [heading];
    widthPt += Math.max(body, ...broken.map(measure));
    return broken;
  });
  return { widthPt, headings };
}
