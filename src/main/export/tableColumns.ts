import { minus } from '../../core/figures/figure.ts';
import { digitsOf, isNumber, printCell, type Cell, type NumberCell, type Table } from './table.ts';

/** A cell's text with what fills it up, unseen, so that its point is below the others'. */
export interface FilledText {
  before: string;
  filling: string;
  after: string;
}

const wholeDigits = (deviation: string | undefined): number =>
  deviation?.split('.').at(0)?.length ?? 0;

/** Digits before the point of the longest deviation; 0 where the numbers' points are not in one line. */
function longestDeviation(numbers: readonly NumberCell[]): number {
  const isOneKind = new Set(numbers.map(({ decimals }) => decimals)).size === 1;
  return isOneKind ? Math.max(...numbers.map((cell) => wholeDigits(digitsOf(cell)[1]))) : 0;
}

function fillNumber(cell: NumberCell, longest: number): FilledText {
  const [value = '', deviation] = digitsOf(cell).map((digits) => digits.replace('-', minus));
  if (deviation !== undefined) {
    const filling = '0'.repeat(Math.max(0, longest - wholeDigits(deviation)));
    return { before: `${value} ± `, filling, after: deviation };
  }
  const fraction = cell.decimals === 0 ? '' : `.${'0'.repeat(cell.decimals)}`;
  const filling = longest === 0 ? '' : ` ± ${'0'.repeat(longest)}${fraction}`;
  return { before: value, filling, after: '' };
}

/** The texts of a column that ends on the right, in the order of its rows. */
export function fillColumn({ rows }: Table, index: number): FilledText[] {
  const cells = rows.map((row): Cell => row[index] ?? null);
  const longest = longestDeviation(cells.filter(isNumber));
  return cells.map((cell) =>
    isNumber(cell)
      ? fillNumber(cell, longest)
      : { before: printCell(cell), filling: '', after: '' },
  );
}
