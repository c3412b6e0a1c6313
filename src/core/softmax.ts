/** Shares in proportion to the exponentials of values, which add up to 1. */
export function softmax(values: ArrayLike<number>): Float64Array {
  const list = Float64Array.from(values);
  const largest = Math.max(...list);
  const powers = list.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
