const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation of as many values, in [-1,1]; NaN where either are constant. */
export function correlate(a: Float32Array, b: Float32Array): number {
  const [aMean, bMean] = [meanOf(a), meanOf(b)];
  let [covariance, aSpread, bSpread] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - aMean, (b[i] ?? 0) - bMean];
    covariance += x * y;
    aSpread += x ** 2;
    bSpread += y ** 2;
  });
  return covariance / Math.sqrt(aSpread * bSpread);
}
