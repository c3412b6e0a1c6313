export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample: divided by n - 1; 0 for a single value. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}

/** 97.5% quantiles of Student's t for 1 to 30 degrees of freedom. */
const tQuantiles = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788,
  2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639,
  2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];

/** 97.5% quantile of Student's t; beyond 30 degrees of freedom by the Cornish-Fisher expansion. */
export function tQuantile(degrees: number): number {
  const z = 1.959964;
  const z3 = z ** 3;
  const expansion =
    z + (z3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z3 + 3 * z) / (96 * degrees ** 2);
  return tQuantiles[degrees - 1] ?? expansion;
}

/** Half the width of the 95% interval of the mean by Student's t; null for fewer than two values. */
export const intervalHalfWidth = (values: readonly number[]): number | null =>
  values.length < 2
    ? null
    : (tQuantile(values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);

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
