import { correlate } from '../metrics/correlation.ts';

/** Of a key, for a value's place: exact together with 32 bits of value. */
const places = 2 ** 20;

/**
 * Places of up to 2^20 values from the smallest to the largest, equal ones in their order. As numbers that
 * hold both value and place they sort without being compared one by one, several times faster.
 */
export function orderValues(values: Float32Array): Uint32Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const keys = new Float64Array(values.length);
  for (let place = 0; place < keys.length; place += 1) {
    const word = bits[place] ?? 0;
    // The bits of negative values fall as those rise; both zeros are 0.
    const rising = word < 0 ? -(word & 0x7fffffff) : word;
    keys[place] = rising * places + place;
  }
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i += 1) {
    const key = keys[i] ?? 0;
    order[i] = key - Math.floor(key / places) * places;
  }
  return order;
}

/** Ranks from 1, equal values share the mean of theirs; exact in float32 for up to 2^20 values. */
export function rankValues(values: Float32Array): Float32Array {
  const order = orderValues(values);
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
