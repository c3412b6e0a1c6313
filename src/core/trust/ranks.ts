import { correlate } from '../metrics/correlation.ts';

/** Ranks from 1, equal values share the mean of theirs; exact in float32 for up to 2^23 values. */
export function rankValues(values: Float32Array): Float32Array {
  const order = Uint32Array.from(values, (_, i) => i).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
  );
  const ranks = new Float32Array(values.length);
  for (let first = 0; first < order.length;) {
    const value = values[order[first] ?? 0];
    let end = first + 1;
    while (end < order.length && values[order[end] ?? 0] === value) end += 1;
    for (let i = first; i < end; i += 1) ranks[order[i] ?? 0] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/** Spearman's correlation, in [-1,1]; NaN where either is constant. */
export const correlateRanks = (a: Float32Array, b: Float32Array): number =>
  correlate(rankValues(a), rankValues(b));

/** The strength of a map whatever its sign, its largest value 1; an all-zero map stays as it is. */
export function toStrengths(map: Float32Array): Float32Array {
  const most = map.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return most === 0 ? map.slice() : map.map((value) => Math.abs(value) / most);
}
