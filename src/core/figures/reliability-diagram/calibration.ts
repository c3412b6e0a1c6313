export interface CalibrationBin {
  /** Bounds of the confidence, [low, high); the last holds 1 too. */
  low: number;
  high: number;
  count: number;
  /** Means over the bin's images; null if it has none. */
  confidence: number | null;
  accuracy: number | null;
}

export interface Calibration {
  bins: CalibrationBin[];
  /** Expected calibration error: mean over all images of |accuracy - confidence| of their bin. */
  expectedError: number;
}

/** Accuracy by confidence in bins of equal width (Guo et al., 2017). */
export function computeCalibration(
  confidence: ArrayLike<number>,
  correct: ArrayLike<boolean>,
  binCount: number,
): Calibration {
  const sums = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (let i = 0; i < confidence.length; i += 1) {
    const value = confidence[i] ?? 0;
    const bin = sums[Math.min(binCount - 1, Math.floor(value * binCount))];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.confidence += value;
    bin.correct += Number(correct[i]);
  }
  const gaps = sums.reduce((total, bin) => total + Math.abs(bin.correct - bin.confidence), 0);
  return {
    bins: sums.map(({ count, ...bin }, i) => ({
      low: i / binCount,
      high: (i + 1) / binCount,
      count,
      confidence: count === 0 ? null : bin.confidence / count,
      accuracy: count === 0 ? null : bin.correct / count,
    })),
    expectedError: gaps / Math.max(1, confidence.length),
  };
}
