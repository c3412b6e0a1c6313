/**
 * Entropy of where a map's strength lies, nats (Bhatt, Weller and Moura, 2020): 0 for a single pixel, ln of
 * the number of pixels where all are alike. NaN for an all-zero map.
 */
export function computeEntropy(map: Float32Array): number {
  const total = map.reduce((sum, value) => sum + Math.abs(value), 0);
  if (total === 0) return Number.NaN;
  return map.reduce((entropy, value) => {
    const share = Math.abs(value) / total;
    return share > 0 ? entropy - share * Math.log(share) : entropy;
  }, 0);
}

/**
 * Gini index of a map's strengths (Chalasani et al., 2020): 0 where all pixels are alike, near 1 where one
 * has all. NaN for an all-zero map.
 */
export function computeGini(map: Float32Array): number {
  const strengths = map.map(Math.abs).sort();
  const n = strengths.length;
  let [total, weighted] = [0, 0];
  strengths.forEach((value, i) => {
    total += value;
    weighted += (2 * (i + 1) - n - 1) * value;
  });
  return weighted / (n * total);
}
