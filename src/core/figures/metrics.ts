import { z } from 'zod';
import {
  epochMetricNames,
  epochMetrics,
  readMetric,
  type EpochMetricName,
} from '../metrics/epochMetrics.ts';
import { completeDefinition, toPrinted, type Judgement } from '../metrics/metric.ts';
import type { EpochMetrics } from '../records.ts';

/** Metrics of an epoch that charts show: what a model is worth, not how its training went on. */
export const plottedMetricSchema = z.enum(
  epochMetricNames.filter((name) => epochMetrics[name].about !== 'course'),
);

/** `true low-confidence: ... below the threshold 0.6`, complete for the runs it is shown of. */
export const describeMetric = (metric: EpochMetricName, runs: readonly Judgement[]): string =>
  `${epochMetrics[metric].title}: ${completeDefinition(epochMetrics[metric], runs)}`;

/** From the least to the greatest value that a metric can have, as plotted. */
export function plottedRange(metric: EpochMetricName): readonly [number, number] {
  const { range } = epochMetrics[metric];
  return [toPrinted(epochMetrics[metric], range[0]), toPrinted(epochMetrics[metric], range[1])];
}

/** An interval as far as the metric can have such values, and whether that is not all of it. */
export function cutToRange(metric: EpochMetricName, low: number, high: number) {
  const [least, most] = plottedRange(metric);
  return {
    low: Math.max(low, least),
    high: Math.min(high, most),
    isCut: low < least || high > most,
  };
}

/** The value as plotted: percentages for shares of images. */
export function plottedValue(metrics: EpochMetrics, metric: EpochMetricName): number | null {
  const value = readMetric(metrics, metric);
  return value === null ? null : toPrinted(epochMetrics[metric], value);
}
