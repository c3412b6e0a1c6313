/** How far each value of an image is moved at most, where black is 0 and white is 1. */
export const sensitivityRadius = 0.1;

const lengthOf = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

/**
 * Max-sensitivity (Yeh et al., 2019): the largest change of a map under small changes of its image, as a
 * share of the map's own length; NaN for an all-zero map.
 *
 * @param others maps of the changed images
 */
export function computeMaxSensitivity(map: Float32Array, others: readonly Float32Array[]): number {
  const length = lengthOf(map);
  if (length === 0) return Number.NaN;
  const changes = others.map((other) => lengthOf(map.map((value, i) => (other[i] ?? 0) - value)));
  return Math.max(...changes) / length;
}
