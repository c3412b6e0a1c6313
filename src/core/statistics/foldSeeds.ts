import { mean, standardDeviation } from './describe.ts';
import { intervalHalfWidth } from './studentInterval.ts';

/** One quantity over the seeds of a configuration. */
export interface FoldedValue {
  mean: number;
  /** Sample standard deviation (n - 1); null for one value. */
  deviation: number | null;
  /** Half the width of the mean's 95% interval by Student's t; null for one value. */
  interval: number | null;
  /** Seeds that it is over. */
  n: number;
}

/** What a band, or what follows a ±, is. */
export const spreadKinds = ['deviation', 'interval'] as const;
export type SpreadKind = (typeof spreadKinds)[number];

/** Of those seeds that have a value; null where none has. */
export function foldValues(values: readonly (number | null)[]): FoldedValue | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const isSpread = known.length > 1;
  return {
    mean: mean(known),
    deviation: isSpread ? standardDeviation(known) : null,
    interval: intervalHalfWidth(known),
    n: known.length,
  };
}

/**
 * Columns of the same quantity, one per seed, folded row by row: null where a column has ended or has no
 * value, since a mean over other seeds than the row before would jump for no reason of the model's.
 */
export function foldColumns(
  columns: readonly (readonly (number | null)[])[],
): (FoldedValue | null)[] {
  const shortest = columns.reduce((least, { length }) => Math.min(least, length), Infinity);
  return Array.from({ length: Number.isFinite(shortest) ? shortest : 0 }, (_, row) => {
    const values = columns.map((column) => column[row] ?? null);
    return values.includes(null) ? null : foldValues(values);
  });
}
