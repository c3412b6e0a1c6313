import type { Random } from '../random.ts';

/** One measure of N pairs. */
export interface BootstrapResult {
  /** Pairs whose difference is defined. */
  n: number;
  /** Mean of their differences, with its 95% interval; NaN without any. */
  difference: number;
  low: number;
  high: number;
  /** Two-sided. */
  pValue: number;
}

interface Measure {
  /** The differences, 0 where undefined. */
  values: Float64Array;
  /** 1 where defined, 0 where not; null where all are. */
  defined: Float64Array | null;
  /** Of every resample. */
  means: Float64Array;
}

function prepare(column: Float64Array, resamples: number): Measure {
  const means = new Float64Array(resamples);
  if (!column.some(Number.isNaN)) return { values: column, defined: null, means };
  return {
    values: column.map((value) => (Number.isNaN(value) ? 0 : value)),
    defined: column.map((value) => (Number.isNaN(value) ? 0 : 1)),
    means,
  };
}

function sumAt(values: Float64Array, drawn: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < drawn.length; i += 1) total += values[drawn[i] ?? 0] ?? 0;
  return total;
}

/** Enters the means of the pairs drawn as the `b`-th ones. */
function average(measures: readonly Measure[], drawn: Uint32Array, b: number): void {
  for (const { values, defined, means } of measures) {
    means[b] = sumAt(values, drawn) / (defined === null ? drawn.length : sumAt(defined, drawn));
  }
}

/** The value below which `share` of the sorted values lie, between two of them linearly. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [a, b] = [sorted[below] ?? Number.NaN, sorted[Math.min(below + 1, sorted.length - 1)] ?? 0];
  return a + (position - below) * (b - a);
}

/** The smallest p-value that so many resamples can give. */
export const leastOf = (resamples: number): number => Math.min(1, 2 / (resamples + 1));

/**
 * Percentile interval of the resampled means, and the two-sided p-value that belongs to it: twice the
 * smaller share of them at or beyond 0, where the observed mean itself counts as one more on that side,
 * so that it is never 0 (Davison and Hinkley, 1997).
 */
function summarize({ values, defined, means }: Measure): BootstrapResult {
  const total = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0);
  const n = defined === null ? values.length : total(defined);
  const sorted = means.filter((value) => !Number.isNaN(value)).sort();
  const notAbove = sorted.filter((value) => value <= 0).length;
  const notBelow = sorted.filter((value) => value >= 0).length;
  return {
    n,
    difference: total(values) / n,
    low: quantileOf(sorted, 0.025),
    high: quantileOf(sorted, 0.975),
    pValue: Math.min(1, (2 * (1 + Math.min(notAbove, notBelow))) / (sorted.length + 1)),
  };
}

/**
 * Paired bootstrap of mean differences: the same N pairs are drawn with replacement for every measure,
 * `resamples` times. A pair whose difference is undefined (NaN) in a measure is left out of that
 * measure's means alone. Yields how many resamples are done, after each one, so that a caller can do
 * other things in between.
 *
 * @param columns one per measure: the differences [N]
 */
export function* bootstrapMeans(
  columns: readonly Float64Array[],
  { resamples, random }: { resamples: number; random: Random },
): Generator<number, BootstrapResult[], void> {
  const count = columns[0]?.length ?? 0;
  const measures = columns.map((column) => prepare(column, resamples));
  const drawn = new Uint32Array(count);
  for (let b = 0; b < resamples; b += 1) {
    random.fillIndices(drawn, count);
    average(measures, drawn, b);
    yield b + 1;
  }
  return measures.map(summarize);
}
