import { minus } from '../../shared/figures/figure.ts';
import { digitsOf, isAlignedRight, isNumber, type NumberCell, type Table } from './table.ts';

/** Numbers below each other at their points, anything that ends on the right, or text. */
export type ColumnKind = 'decimal' | 'right' | 'left';

const numbersOf = ({ rows }: Table, index: number): NumberCell[] =>
  rows.flatMap((row) => {
    const cell = row[index];
    return isNumber(cell) ? [cell] : [];
  });

/** Numbers of several kinds, as where every row is a metric, have no point in common. */
export function columnKind(table: Table, index: number): ColumnKind {
  const numbers = numbersOf(table, index);
  const filled = table.rows.filter((row) => (row[index] ?? null) !== null);
  const decimals = new Set(numbers.map((cell) => cell.decimals));
  if (decimals.size === 1 && numbers.length === filled.length) return 'decimal';
  return isAlignedRight(table, index) ? 'right' : 'left';
}

/** What a column of numbers has room for. */
export interface NumberShape {
  isSigned: boolean;
  whole: number;
  fraction: number;
  /** Digits of the deviations, leading zeros apart; 0 where there is none. */
  deviationDigits: number;
  /** Text that fills that room. */
  widest: string;
}

export function shapeOf(table: Table, index: number): NumberShape {
  const cells = numbersOf(table, index).map(digitsOf);
  const isSigned = cells.some(([number]) => number?.startsWith('-'));
  const longest = (part: 0 | 1, side: 0 | 1): number =>
    Math.max(...cells.map((cell) => cell[part]?.replace('-', '').split('.').at(side)?.length ?? 0));
  const [whole, fraction, spread] = [longest(0, 0), longest(0, 1), longest(1, 0)];
  // siunitx counts all digits of a deviation, leading zeros apart.
  const counted = cells.map(([, deviation = '']) => deviation.replace('.', '').replace(/^0+/, ''));
  const deviationDigits = spread === 0 ? 0 : Math.max(1, ...counted.map(({ length }) => length));
  const rest = fraction === 0 ? '' : `.${'0'.repeat(fraction)}`;
  const deviation = spread === 0 ? '' : ` ± ${'0'.repeat(spread)}${rest}`;
  const widest = `${isSigned ? minus : ''}${'0'.repeat(whole)}${rest}${deviation}`;
  return { isSigned, whole, fraction, deviationDigits, widest };
}
