import {
  comparedMetrics,
  printedScale,
  type ComparedMetricName,
} from '../../shared/comparedMetrics.ts';
import type { Comparison, ExampleComparison, SeedComparison } from '../../shared/comparison.ts';
import { commonDecimals } from '../../shared/statistics/decimals.ts';
import { printP } from '../../shared/statistics/printP.ts';
import type { Cell, Column, Table } from './tables.ts';

const column = (key: string, title: string): Column => ({ key, title, unit: '' });

const number = (value: number | null, decimals: number): Cell =>
  value === null ? null : { value, decimals };

const p = (test: { pValue: number; adjusted: number } | null): Cell[] =>
  test === null ? [null, null] : [{ text: printP(test.pValue) }, { text: printP(test.adjusted) }];

/** What a row of either kind holds. */
interface Paired {
  metric: ComparedMetricName;
  n: number;
  excluded: number;
  meanA: number | null;
  meanB: number | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  deviationA?: number | null;
  deviationB?: number | null;
  cohensD: number | null;
  rankBiserial: number | null;
}

function printPaired(row: Paired, tests: Cell[]): Cell[] {
  const scale = printedScale(row.metric);
  const scaled = (value: number | null): number | null => (value === null ? null : value * scale);
  const [low, high] = [scaled(row.low), scaled(row.high)];
  const half = low === null || high === null ? null : (high - low) / 2;
  const decimals = commonDecimals([half], comparedMetrics[row.metric].decimals);
  const side = (value: number | null, deviation: number | null | undefined): Cell => {
    const mean = scaled(value);
    if (mean === null) return null;
    return { value: mean, decimals, deviation: scaled(deviation ?? null) };
  };
  const { title, percent } = comparedMetrics[row.metric];
  return [
    { text: percent === true ? `${title} (%)` : title },
    side(row.meanA, row.deviationA),
    side(row.meanB, row.deviationB),
    number(scaled(row.difference), decimals),
    low === null || high === null ? null : { low, high, decimals },
    ...tests,
    number(row.cohensD, 2),
    number(row.rankBiserial, 2),
    number(row.n, 0),
    number(row.excluded, 0),
  ];
}

function buildTable({ a, b }: Comparison, caption: string, tests: string[], rows: Cell[][]): Table {
  const titles = [
    'Metric',
    a.label,
    b.label,
    `${b.label} - ${a.label}`,
    '95% interval',
    ...tests,
    'd_z',
    'r_rb',
    'n',
    'Excluded',
  ];
  return { caption, columns: titles.map((title) => column(title, title)), rows };
}

function printExamples(comparison: ExampleComparison): Table {
  const { predictions, metrics, examples, resamples, bootstrapSeed } = comparison;
  const accuracy: Paired = {
    metric: 'accuracy',
    n: examples,
    excluded: 0,
    meanA: predictions.accuracyA,
    meanB: predictions.accuracyB,
    difference: predictions.difference,
    low: predictions.low,
    high: predictions.high,
    cohensD: null,
    rankBiserial: null,
  };
  const rows = [
    printPaired(accuracy, p(predictions.test)),
    ...metrics.map((metric) => printPaired(metric, p(metric.test))),
  ];
  const caption = `Accuracy: McNemar's exact test and Bonett and Price's interval. Others: paired bootstrap of means, ${resamples} resamples, seed ${bootstrapSeed}, percentile intervals. Holm: over all tests of the table. d_z: Cohen's d for pairs; r_rb: matched-pairs rank-biserial correlation; both positive where the second is higher. The tests speak of these two trained models, not of training them again: that takes runs over several seeds.`;
  return buildTable(comparison, caption, ['p', 'p (Holm)'], rows);
}

function printSeeds(comparison: SeedComparison): Table {
  const { metrics, seeds } = comparison;
  const rows = metrics.map((metric) =>
    printPaired(metric, [...p(metric.tTest), ...p(metric.wilcoxon)]),
  );
  const caption = `Mean ± standard deviation over ${seeds.length} seeds (${seeds.join(', ')}), paired by seed; interval of the mean difference by Student's t. t: paired t-test; W: Wilcoxon's signed ranks, exact, two-sided. Holm: over all metrics, for each kind of test. d_z: Cohen's d for pairs; r_rb: matched-pairs rank-biserial correlation.`;
  return buildTable(comparison, caption, ['p (t)', 'Holm', 'p (W)', 'Holm'], rows);
}

/** A comparison as one table to be read. */
export const buildComparisonTable = (comparison: Comparison): Table =>
  comparison.kind === 'examples' ? printExamples(comparison) : printSeeds(comparison);

const odds = (value: number | null): string => (value === null ? 'infinite' : value.toFixed(2));

/** How two runs' predictions agree, in one line. */
export function describePredictions({ a, b, predictions }: ExampleComparison): string {
  const { bothRight, onlyA, onlyB, bothWrong, oddsRatio, oddsLow, oddsHigh } = predictions;
  const counts = `Both right ${bothRight}, only ${a.label} ${onlyA}, only ${b.label} ${onlyB}, both wrong ${bothWrong}`;
  return onlyA + onlyB === 0
    ? `${counts}.`
    : `${counts}; odds ${b.label} : ${a.label} ${odds(oddsRatio)}, 95% interval [${odds(oddsLow)}, ${odds(oddsHigh)}].`;
}
