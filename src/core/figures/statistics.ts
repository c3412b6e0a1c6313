export { mean, standardDeviation } from '../statistics/describe.ts';
export { intervalHalfWidth } from '../statistics/studentInterval.ts';

/** Of a bin's width: so near to an edge, a value lies on it, and what is missing is rounding. */
const edgeTolerance = 1e-9;

/**
 * How many values lie in each of `bins` equal parts of the range. A value on an edge counts above it, at
 * the upper end below it.
 */
export function countBins(
  values: Iterable<number>,
  [low, high]: readonly [number, number],
  bins: number,
): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins + edgeTolerance);
    const inside = Math.min(Math.max(bin, 0), bins - 1);
    if (!Number.isNaN(value)) counts[inside] = (counts[inside] ?? 0) + 1;
  }
  return counts;
}
