import { spanOf } from './chart.ts';
import type { EpochMetricName } from '../../metrics/epochMetrics.ts';
import { cutToRange, plottedRange } from '../metrics.ts';
import type { Tick } from './ticks.ts';

/** The range of an axis: `margin` of it beyond the values, and no more than that beyond what the metric can be. */
export function spanMetric(
  metric: EpochMetricName,
  values: readonly number[],
  margin = 0.05,
): [number, number] {
  const [low, high] = spanOf(values, margin);
  const cut = cutToRange(metric, low, high);
  const room = (cut.high - cut.low) * margin;
  return [Math.max(low, cut.low - room), Math.min(high, cut.high + room)];
}

/** Ticks at values that the metric can have. */
export function keepAttainable(metric: EpochMetricName, ticks: readonly Tick[]): Tick[] {
  const [least, most] = plottedRange(metric);
  return ticks.filter(({ value }) => value >= least && value <= most);
}
