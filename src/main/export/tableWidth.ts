import type { FontWeight } from '../../core/figures/drawing/shapes.ts';
import { findMathCommand } from '../../core/formats/latexMath.ts';
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

/** Signs of the text that LaTeX takes from its mathematical font. */
const textSigns = /[<>|\\]/;
const wideSigns = /[∑∏≪≫←→↔↦⇐⇒⇔∞ΜϖΔ∆∇√]/u;

/** At most how wide LaTeX sets a character of its mathematical fonts from 8 pt on, in em; null for others. */
function signWidth(character: string): number | null {
  const command = findMathCommand(character);
  if (command === null) return textSigns.test(character) ? 0.83 : null;
  if (wideSigns.test(character)) return 1.32;
  if (/[α-ωά-ώ]/u.test(character)) return 0.74;
  // A digit above or below the line.
  return /^[_^]\{?\d/.test(command) ? 0.6 : 0.84;
}

/** The width of plain text as LaTeX sets it, never less. */
function measureText(text: string, { font, sizePt }: TableType, weight: FontWeight): number {
  const characters = Array.from(toSettable(text));
  const letters = characters.filter((character) => signWidth(character) === null).join('');
  const signs = characters.reduce((sum, character) => sum + (signWidth(character) ?? 0), 0);
  const width =
    font === 'computer-modern'
      ? measureComputerModern(letters, sizePt, weight)
      : createMeasure(ownFonts(font))(letters, sizePt, weight);
  return width + (signs + margin) * sizePt;
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
