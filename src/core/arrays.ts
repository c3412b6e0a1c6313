/** One after the other. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * The least and the most of values; `Math.min` and `Math.max`, told them as arguments, take no more than fit on a
 * stack, some hundred thousand. Of none: Infinity and -Infinity, as theirs.
 */
export function extentOf(values: readonly number[]): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

/** At most `wanted` indices at equal steps over `count` items: sets sorted by class show all classes. */
export function spreadIndices(count: number, wanted: number): number[] {
  const taken = Math.min(count, wanted);
  return Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}
