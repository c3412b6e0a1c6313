import {
  byName,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../src/core/metrics/exampleMetrics.ts';
import type { EpochMetrics } from '../../src/core/records.ts';

/** A value of every recorded metric; those that are not given are 0.25. */
export const buildMapMeans = (
  means: Partial<Record<RecordedMetricName, number | null>> = {},
  undefinedImages: Partial<Record<RecordedMetricName, number>> = {},
): EpochMetrics['mapMeans'] =>
  byName(recordedMetricNames, (name) => {
    const { [name]: mean = 0.25 } = means;
    return { mean, undefinedImages: undefinedImages[name] ?? 0 };
  });

/** Metrics of an epoch of a run under paradigm C, but for what is given. */
export const buildMetrics = (given: Partial<EpochMetrics> = {}): EpochMetrics => ({
  epoch: 1,
  trainLoss: 0.5,
  terms: { train: { crossEntropy: 0.5 }, validation: { crossEntropy: 0.25 } },
  trainAccuracy: 0.9,
  validationLoss: 0.25,
  validationAccuracy: 0.95,
  testAccuracy: 0.96,
  testCrossEntropy: 0.2,
  falsePredictions: 400,
  trueLowConfidence: 120,
  mapMeans: buildMapMeans({ iou: 0.125 }),
  testImages: 10_000,
  zeroMaps: 0,
  nanBatches: 0,
  learningRate: 1e-3,
  durationMs: 60_000,
  evaluationMs: 5_000,
  imagesPerSecond: 1000,
  numericsVersion: 2,
  ...given,
});
