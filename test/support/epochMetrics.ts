import type { EpochMetrics } from '../../src/shared/records.ts';

/** Metrics of an epoch of a run under paradigm C, but for what is given. */
export const buildMetrics = (given: Partial<EpochMetrics> = {}): EpochMetrics => ({
  epoch: 1,
  trainLoss: 0.5,
  crossEntropy: 0.5,
  contrastive: null,
  trainAccuracy: 0.9,
  validationLoss: 0.25,
  validationCrossEntropy: 0.25,
  validationContrastive: null,
  validationAccuracy: 0.95,
  testAccuracy: 0.96,
  testCrossEntropy: 0.2,
  falsePredictions: 400,
  trueLowConfidence: 120,
  inputCorrelation: 0.25,
  energyInside: 0.25,
  iou: 0.125,
  undefinedCorrelations: 0,
  zeroMaps: 0,
  nanBatches: 0,
  learningRate: 1e-3,
  durationMs: 60_000,
  evaluationMs: 5_000,
  imagesPerSecond: 1000,
  ...given,
});
