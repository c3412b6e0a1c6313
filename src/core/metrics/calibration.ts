import { z } from 'zod';
import { decide } from './decide.ts';
import type { Predictions } from './metric.ts';

/** Bins where nobody says how many, as Guo et al. (2017) take. */
export const usualBins = 15;

const calibrationBinSchema = z.object({
  /** Bounds of the confidence, [low, high); the last holds 1 too. */
  low: z.number(),
  high: z.number(),
  count: z.number().int(),
  /** Means over the bin's images; null if it has none. */
  confidence: z.number().nullable(),
  accuracy: z.number().nullable(),
});

export const calibrationSchema = z.object({
  bins: z.array(calibrationBinSchema),
  /** Expected calibration error: mean over all images of |accuracy - confidence| of their bin. */
  expectedError: z.number(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

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

/** The calibration of predictions: of the most probable class of every image. */
export function calibrate(
  { classes, labels, probabilities }: Predictions,
  binCount: number,
): Calibration {
  const decisions = Array.from(labels, (_, i) => decide(probabilities, i * classes, classes));
  return computeCalibration(
    decisions.map(({ confidence }) => confidence),
    decisions.map(({ predictedClass }, i) => predictedClass === labels[i]),
    binCount,
  );
}
