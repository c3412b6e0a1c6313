export { intervalHalfWidth, mean, standardDeviation } from '../statistics/describe.ts';

/** How many values lie in each of `bins` equal parts of the range; the last holds its upper end too. */
export function countBins(
  values: Iterable<number>,
  [low, high]: readonly [number, number],
  bins: number,
): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    const inside = Math.min(Math.max(bin, 0), bins - 1);
    if (!Number.isNaN(value)) counts[inside] = (counts[inside] ?? 0) + 1;
  }
  return counts;
}
