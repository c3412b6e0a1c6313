import { describeEpochOmitted } from '../../../core/metrics/comparedMetrics.ts';
import {
  epochMetrics,
  listEpochMetrics,
  meanImages,
  readMetric,
  type EpochMetricName,
} from '../../../core/metrics/epochMetrics.ts';
import type { EpochMetrics } from '../../../core/records.ts';
import { formatInteger } from '../../composables/format.ts';
import { formatMetric } from '../../composables/metricFormat.ts';

/** Rows of the table that compares runs. */
export const comparedRows: readonly EpochMetricName[] = [
  'testAccuracy',
  'validationAccuracy',
  'trainAccuracy',
  ...listEpochMetrics('errors'),
  ...listEpochMetrics('maps'),
  'validationLoss',
  'testCrossEntropy',
  'durationMs',
];

export interface MetricCell {
  text: string;
  /** Against the first run, with its sign; empty for the first run and for unknown values. */
  difference: string;
  /** Whether this run is the better one; null where they are level or neither can be. */
  isBetter: boolean | null;
  /** Images that a mean is over, alone and in a sentence, where it leaves some out. */
  over?: { n: string; note: string };
}

function tellOver(name: EpochMetricName, metrics: EpochMetrics | null): Pick<MetricCell, 'over'> {
  const images = metrics && meanImages(metrics, name);
  const note = metrics && describeEpochOmitted(metrics, name);
  return images === null || note == null
    ? {}
    : { over: { n: formatInteger(images.defined), note } };
}

/** A metric of several runs, each but the first beside its difference from the first. */
export function compareMetric(
  name: EpochMetricName,
  metrics: readonly (EpochMetrics | null)[],
): MetricCell[] {
  const values = metrics.map((epoch) => epoch && readMetric(epoch, name));
  const [base = null] = values;
  return values.map((value, i) => {
    const text = formatMetric(epochMetrics[name], value);
    const cell = { text, ...tellOver(name, metrics[i] ?? null) };
    if (i === 0 || value === null || base === null) {
      return { ...cell, difference: '', isBetter: null };
    }
    return { ...cell, ...judgeDifference(name, value - base) };
  });
}

function judgeDifference(
  name: EpochMetricName,
  difference: number,
): Pick<MetricCell, 'difference' | 'isBetter'> {
  if (difference === 0) return { difference: '±0', isBetter: null };
  const sign = difference > 0 ? '+' : '−';
  const { better } = epochMetrics[name];
  return {
    difference: `${sign}${formatMetric(epochMetrics[name], Math.abs(difference))}`,
    isBetter: better === null ? null : difference > 0 === (better === 'higher'),
  };
}
