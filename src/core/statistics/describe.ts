import tQuantile from '@stdlib/stats-base-dists-t-quantile';

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample: divided by n - 1; 0 for a single value. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}

/** Half the width of the 95% interval of the mean by Student's t; null for fewer than two values. */
export const intervalHalfWidth = (values: readonly number[]): number | null =>
  values.length < 2
    ? null
    : (tQuantile(0.975, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
