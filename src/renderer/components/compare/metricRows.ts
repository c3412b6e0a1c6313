import { describeEpochOmitted } from '../../../core/metrics/comparedMetrics.ts';
import {
  epochMetrics,
  listEpochMetrics,
  meanImages,
  readMetric,
  type EpochMetricName,
} from '../../../core/metrics/epochMetrics.ts';
import type { EpochMetrics } from '../../../core/records.ts';
import { spreadOf } from './foldCompared.ts';
import { printedUnit, toPrinted, type Metric } from '../../../core/metrics/metric.ts';
import { commonDecimals } from '../../../core/statistics/decimals.ts';
import { foldValues, type SpreadKind } from '../../../core/statistics/foldSeeds.ts';
import { formatDecimal, formatInteger, missing } from '../../composables/format.ts';
import { formatMetric, inPoints } from '../../composables/metricFormat.ts';

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

/**
 * A metric of several sides, each but the first beside its difference from the first. A side is a run, or
 * the seeds of a configuration: then it is their mean, ± the spread, to the digits that the least of the
 * row's spreads leaves, as in the tables of the command line.
 *
 * @param sides a value per run; null where it has none
 */
export function compareValues(
  metric: Metric,
  sides: readonly (readonly (number | null)[])[],
  spread: SpreadKind,
): MetricCell[] {
  const folded = sides.map(foldValues);
  const print = printerOf(
    metric,
    folded.map((side) => spreadOf(side, spread)),
  );
  const base = folded[0]?.mean ?? null;
  return folded.map((side, i) => {
    const reach = spreadOf(side, spread);
    const text = side === null ? missing : print.value(side.mean, reach);
    if (i === 0 || side === null || base === null) return { text, difference: '', isBetter: null };
    return { text, ...judgeDifference(metric, side.mean - base, print.size) };
  });
}

/** Writes values of a row, and sizes of differences: those of percentages are percentage points. */
function printerOf(metric: Metric, spreads: readonly (number | null)[]) {
  const known = spreads.filter((reach) => reach !== null);
  if (known.length === 0 || metric.kind === 'duration') {
    const pair = (value: number, reach: number | null): string =>
      [value, ...(reach === null ? [] : [reach])]
        .map((each) => formatMetric(metric, each))
        .join(' ± ');
    return { value: pair, size: (size: number) => inPoints(metric, formatMetric(metric, size)) };
  }
  const printed = known.map((reach) => toPrinted(metric, reach));
  const decimals = commonDecimals(printed, metric.decimals);
  const write = (value: number): string => formatDecimal(toPrinted(metric, value), decimals);
  const unit = printedUnit(metric);
  return {
    value: (value: number, reach: number | null): string =>
      `${write(value)}${reach === null ? '' : ` ± ${write(reach)}`}${unit}`,
    size: (size: number) => inPoints(metric, `${write(size)}${unit}`),
  };
}

function judgeDifference(
  { better }: Metric,
  difference: number,
  print: (size: number) => string,
): Pick<MetricCell, 'difference' | 'isBetter'> {
  if (difference === 0) return { difference: '±0', isBetter: null };
  const sign = difference > 0 ? '+' : '−';
  return {
    difference: `${sign}${print(Math.abs(difference))}`,
    isBetter: better === null ? null : difference > 0 === (better === 'higher'),
  };
}

/** A metric of an epoch of each run; the epochs are null where a run has none yet. */
export function compareMetric(
  name: EpochMetricName,
  sides: readonly (readonly (EpochMetrics | null)[])[],
  spread: SpreadKind = 'deviation',
): MetricCell[] {
  const values = sides.map((side) => side.map((metrics) => metrics && readMetric(metrics, name)));
  return compareValues(epochMetrics[name], values, spread).map((cell, i) => {
    const [only = null, ...others] = sides[i] ?? [];
    return others.length > 0 ? cell : { ...cell, ...tellOver(name, only) };
  });
}
