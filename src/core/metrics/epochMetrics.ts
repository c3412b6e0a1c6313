import type { EpochMetrics } from '../records.ts';
import { testAccuracy, trainAccuracy, validationAccuracy } from './epochs/accuracies.ts';
import {
  durationMs,
  evaluationMs,
  imagesPerSecond,
  learningRate,
  nanBatches,
  unpairedBatches,
} from './epochs/course.ts';
import { falsePredictions, trueLowConfidence } from './epochs/errors.ts';
import { describeTerms, testCrossEntropy, trainLoss, validationLoss } from './epochs/losses.ts';
import { mapMeans, zeroMaps } from './epochs/mapMeans.ts';
import type { EpochMetric, MeanImages } from './metric.ts';

/** What each epoch of a run has. A new metric is a descriptor in `epochs/` and a line here. */
const registry = {
  trainLoss,
  ...describeTerms('train'),
  trainAccuracy,
  validationLoss,
  ...describeTerms('validation'),
  validationAccuracy,
  testAccuracy,
  falsePredictions,
  trueLowConfidence,
  testCrossEntropy,
  ...mapMeans,
  zeroMaps,
  nanBatches,
  unpairedBatches,
  learningRate,
  durationMs,
  evaluationMs,
  imagesPerSecond,
} satisfies Record<string, EpochMetric>;

export type EpochMetricName = keyof typeof registry;
/** Those of which tables and comparisons of runs know. */
export type ComparedEpochMetricName = {
  [K in EpochMetricName]: (typeof registry)[K] extends { compared: true } ? K : never;
}[EpochMetricName];
export const epochMetrics: Readonly<Record<EpochMetricName, EpochMetric>> = registry;
export const epochMetricNames = Object.keys(registry) as [EpochMetricName, ...EpochMetricName[]];

export const isEpochMetric = (name: string): name is EpochMetricName => name in registry;

export const comparedEpochMetricNames = epochMetricNames.filter(
  (name): name is ComparedEpochMetricName => epochMetrics[name].compared === true,
);

/** The metrics that tell of one thing, in the registry's order. */
export const listEpochMetrics = (about: EpochMetric['about']): EpochMetricName[] =>
  epochMetricNames.filter((name) => epochMetrics[name].about === about);

/** A metric's plain value; null where undefined, or not known of this epoch. */
export const readMetric = (metrics: EpochMetrics, name: EpochMetricName): number | null =>
  epochMetrics[name].read(metrics);

/** Over how many test images a metric's value is a mean; null for one that leaves none out. */
export const meanImages = (metrics: EpochMetrics, name: EpochMetricName): MeanImages | null =>
  epochMetrics[name].countImages?.(metrics) ?? null;

/** What people should know of the batches of epochs: `3 batches with a NaN`; none where all went well. */
export const listBatchNotes = (...epochs: readonly EpochMetrics[]): string[] =>
  (['nanBatches', 'unpairedBatches'] as const).flatMap((name) => {
    const count = epochs.reduce((sum, metrics) => sum + (readMetric(metrics, name) ?? 0), 0);
    const { title } = epochMetrics[name];
    return count === 0
      ? []
      : [`${count} ${count === 1 ? title.replace('batches', 'batch') : title}`];
  });
