import { z } from 'zod';
import { toPercent } from '../decimalText.ts';
import type { EpochMetrics } from '../records.ts';

/** Epoch metrics that can be plotted: what they are called and how they are defined. */
interface MetricText {
  title: string;
  definition: string;
  percent?: boolean;
  /** Counts images by their confidence: its definition is complete with the runs' threshold. */
  usesThreshold?: boolean;
}

const texts = {
  trainLoss: { title: 'training loss', definition: 'mean objective over the training images' },
  crossEntropy: { title: 'training cross-entropy', definition: 'mean over the training images' },
  contrastive: {
    title: 'contrastive term',
    definition: 'mean unweighted contrastive term over the training images',
  },
  trainAccuracy: { title: 'training accuracy', definition: 'with dropout', percent: true },
  validationLoss: { title: 'validation loss', definition: 'objective on the validation images' },
  validationCrossEntropy: {
    title: 'validation cross-entropy',
    definition: 'mean over the validation images',
  },
  validationAccuracy: {
    title: 'validation accuracy',
    definition: 'share of the validation images',
    percent: true,
  },
  testAccuracy: { title: 'test accuracy', definition: 'share of the test images', percent: true },
  testCrossEntropy: { title: 'test cross-entropy', definition: 'mean over the test images' },
  falsePredictions: { title: 'false predictions', definition: 'test images predicted wrong' },
  trueLowConfidence: {
    title: 'true low-confidence',
    definition: 'test images predicted right with a confidence below the threshold',
    usesThreshold: true,
  },
  inputCorrelation: {
    title: 'input correlation',
    definition: 'Pearson’s correlation of map and image, mean over the test images',
  },
  energyInside: {
    title: 'energy inside',
    definition: 'share of the map on pixels above 0.5, mean over the test images',
  },
  iou: {
    title: 'IoU',
    definition: 'intersection over union of map and image above 0.5, mean over the test images',
  },
} satisfies Partial<Record<keyof EpochMetrics, MetricText>>;

export type EpochMetric = keyof typeof texts;
export const epochMetricNames = Object.keys(texts) as [EpochMetric, ...EpochMetric[]];
export const epochMetricNameSchema = z.enum(epochMetricNames);

const textOf = (metric: EpochMetric): MetricText => texts[metric];

/** `Test accuracy (%)` */
export function metricTitle(metric: EpochMetric): string {
  const { title, percent } = textOf(metric);
  const start = title.charAt(0).toUpperCase() + title.slice(1);
  return percent === true ? `${start} (%)` : start;
}

/** `true low-confidence: ... below the threshold 0.6`, with all thresholds of the runs it is shown of. */
export function describeMetric(metric: EpochMetric, thresholds: readonly number[]): string {
  const { title, definition, usesThreshold } = textOf(metric);
  const values = [...new Set(thresholds)].join(' or ');
  return `${title}: ${definition}${usesThreshold === true ? ` ${values}` : ''}`;
}

/** The value as plotted: percentages for shares of images. */
export function metricValue(metrics: EpochMetrics, metric: EpochMetric): number | null {
  const value = metrics[metric];
  return value !== null && textOf(metric).percent === true ? toPercent(value) : value;
}

/** Metrics that every test image has, and the words for them. */
export const exampleMetrics = {
  inputCorrelation: {
    title: 'Input correlation',
    definition: 'Pearson’s correlation of map and image',
  },
  energyInside: { title: 'Energy inside', definition: 'share of the map on pixels above 0.5' },
  iou: { title: 'IoU', definition: 'intersection over union of map and image above 0.5' },
  confidence: { title: 'Confidence', definition: 'largest probability' },
} as const;
export type ExampleMetric = keyof typeof exampleMetrics;
export const exampleMetricNameSchema = z.enum(
  Object.keys(exampleMetrics) as [ExampleMetric, ...ExampleMetric[]],
);
