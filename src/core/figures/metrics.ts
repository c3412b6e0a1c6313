import { z } from 'zod';
import { toPercent } from '../formats/decimalText.ts';
import type { EpochMetrics } from '../records.ts';

/** Epoch metrics that can be plotted: what they are called and how they are defined. */
interface MetricText {
  title: string;
  definition: string;
  percent?: boolean;
  /** What the values lie in, as plotted; where not said: 0 to 100 for percentages, else from 0 on. */
  range?: readonly [number, number];
  /** What a run minimises: of another kind for runs of another objective. */
  isObjective?: boolean;
  /** Counts images by their confidence: its definition is complete with the runs' threshold. */
  usesThreshold?: boolean;
}

const texts = {
  trainLoss: {
    title: 'training loss',
    definition: 'mean objective over the training images',
    isObjective: true,
  },
  crossEntropy: { title: 'training cross-entropy', definition: 'mean over the training images' },
  contrastive: {
    title: 'training contrastive term',
    definition: 'mean unweighted contrastive term over the training images',
  },
  trainAccuracy: { title: 'training accuracy', definition: 'with dropout', percent: true },
  validationLoss: {
    title: 'validation loss',
    definition: 'mean objective over the validation images',
    isObjective: true,
  },
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
    range: [-1, 1],
  },
  energyInside: {
    title: 'energy inside',
    definition: 'share of the map on pixels above 0.5, mean over the test images',
    range: [0, 1],
  },
  iou: {
    title: 'IoU',
    definition: 'intersection over union of map and image above 0.5, mean over the test images',
    range: [0, 1],
  },
} satisfies Partial<Record<keyof EpochMetrics, MetricText>>;

export type EpochMetric = keyof typeof texts;
export const epochMetricNames = Object.keys(texts) as [EpochMetric, ...EpochMetric[]];
export const epochMetricNameSchema = z.enum(epochMetricNames);

const textOf = (metric: EpochMetric): MetricText => texts[metric];

/** `test accuracy` */
export const metricName = (metric: EpochMetric): string => textOf(metric).title;

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

/** From the least to the greatest value that a metric can have, as plotted. */
export function metricRange(metric: EpochMetric): readonly [number, number] {
  const { range, percent } = textOf(metric);
  return range ?? [0, percent === true ? 100 : Infinity];
}

/** An interval as far as the metric can have such values, and whether that is not all of it. */
export function cutToRange(metric: EpochMetric, low: number, high: number) {
  const [least, most] = metricRange(metric);
  return {
    low: Math.max(low, least),
    high: Math.min(high, most),
    isCut: low < least || high > most,
  };
}

/** Whether the metric is what runs minimise, which differs where their objectives do. */
export const isObjective = (metric: EpochMetric): boolean => textOf(metric).isObjective === true;

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
