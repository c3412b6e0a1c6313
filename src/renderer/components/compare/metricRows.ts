import { countDefined, describeMean, isEpochMean } from '../../../core/metrics/epochMeans.ts';
import type { EpochMetrics } from '../../../core/records.ts';
import {
  formatDecimal,
  formatDuration,
  formatInteger,
  formatShare,
} from '../../composables/format.ts';
import type { MetricKey } from '../charts/curves.ts';

export interface MetricDefinition {
  key: MetricKey;
  title: string;
  format: (value: number | null) => string;
  /** Which way is better; null where neither is. */
  better: 'higher' | 'lower' | null;
}

const loss = (value: number | null): string => formatDecimal(value, 4);
const seconds = (value: number | null): string =>
  value !== null && value < 60_000 ? `${formatDecimal(value / 1000, 1)} s` : formatDuration(value);
const index = (value: number | null): string => formatDecimal(value, 3);

/** Rows of the table that compares runs. */
export const metricDefinitions: readonly MetricDefinition[] = [
  { key: 'testAccuracy', title: 'Test accuracy', format: formatShare, better: 'higher' },
  {
    key: 'validationAccuracy',
    title: 'Validation accuracy',
    format: formatShare,
    better: 'higher',
  },
  { key: 'trainAccuracy', title: 'Train accuracy', format: formatShare, better: 'higher' },
  { key: 'falsePredictions', title: 'False predictions', format: formatInteger, better: 'lower' },
  {
    key: 'trueLowConfidence',
    title: 'True low-confidence',
    format: formatInteger,
    better: 'lower',
  },
  { key: 'inputCorrelation', title: 'Input correlation', format: index, better: 'higher' },
  { key: 'energyInside', title: 'Energy inside', format: index, better: 'higher' },
  { key: 'iou', title: 'IoU', format: index, better: 'higher' },
  { key: 'validationLoss', title: 'Validation loss', format: loss, better: null },
  { key: 'testCrossEntropy', title: 'Test cross-entropy', format: loss, better: 'lower' },
  { key: 'durationMs', title: 'Time per epoch', format: seconds, better: 'lower' },
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

function tellOver(
  { key }: MetricDefinition,
  metrics: EpochMetrics | null | undefined,
): Pick<MetricCell, 'over'> {
  if (!metrics || !isEpochMean(key)) return {};
  const note = describeMean(metrics, key);
  return note === undefined ? {} : { over: { n: formatInteger(countDefined(metrics, key)), note } };
}

/** A metric of several runs, each but the first beside its difference from the first. */
export function compareMetric(
  definition: MetricDefinition,
  metrics: readonly (EpochMetrics | null)[],
): MetricCell[] {
  const values = metrics.map((epoch) => epoch?.[definition.key] ?? null);
  const [base = null] = values;
  return values.map((value, i) => {
    const cell = { text: definition.format(value), ...tellOver(definition, metrics[i]) };
    if (i === 0 || value === null || base === null) {
      return { ...cell, difference: '', isBetter: null };
    }
    return { ...cell, ...judgeDifference(definition, value - base) };
  });
}

function judgeDifference(
  { format, better }: MetricDefinition,
  difference: number,
): Pick<MetricCell, 'difference' | 'isBetter'> {
  if (difference === 0) return { difference: '±0', isBetter: null };
  const sign = difference > 0 ? '+' : '−';
  return {
    difference: `${sign}${format(Math.abs(difference))}`,
    isBetter: better === null ? null : difference > 0 === (better === 'higher'),
  };
}
