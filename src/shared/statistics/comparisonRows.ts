import { comparedMetrics, printedScale, printedTitle } from '../comparedMetrics.ts';
import type { ComparedMetricName } from '../comparedMetrics.ts';
import type { Comparison, ExampleComparison, SeedComparison } from '../comparison.ts';
import { commonDecimals } from './decimals.ts';

type Test = { pValue: number; adjusted: number } | null;

/** A metric of a comparison as tables show it: percentages for shares, with its decimals. */
export interface ComparisonRow {
  metric: ComparedMetricName;
  title: string;
  /** Digits after the point that the uncertainty leaves (`decimalsFor`). */
  decimals: number;
  meanA: number | null;
  meanB: number | null;
  /** Standard deviations over seeds; null for examples. */
  deviationA: number | null;
  deviationB: number | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  /** In the order of `testTitles`. */
  tests: Test[];
  cohensD: number | null;
  rankBiserial: number | null;
  n: number;
  excluded: number;
}

/** The tests that each row was put to. */
export const testTitles = ({ kind }: Comparison): string[] =>
  kind === 'examples' ? ['p'] : ['p (t)', 'p (W)'];

type Measured = Omit<ComparisonRow, 'title' | 'decimals' | 'deviationA' | 'deviationB'> &
  Partial<Pick<ComparisonRow, 'deviationA' | 'deviationB'>>;

const scaledKeys = [
  'meanA',
  'meanB',
  'deviationA',
  'deviationB',
  'difference',
  'low',
  'high',
] as const;

function toRow(measured: Measured): ComparisonRow {
  const { metric } = measured;
  const values = Object.fromEntries(
    scaledKeys.map((key) => {
      const value = measured[key] ?? null;
      return [key, value === null ? null : value * printedScale(metric)];
    }),
  ) as Pick<ComparisonRow, (typeof scaledKeys)[number]>;
  const { low, high, deviationA, deviationB } = values;
  const half = low === null || high === null ? null : (high - low) / 2;
  return {
    ...measured,
    ...values,
    title: printedTitle(metric),
    decimals: commonDecimals([half, deviationA, deviationB], comparedMetrics[metric].decimals),
  };
}

function listExampleRows({ predictions, metrics, examples }: ExampleComparison): ComparisonRow[] {
  const { accuracyA, accuracyB, difference, low, high, test } = predictions;
  const accuracy = toRow({
    metric: 'accuracy',
    meanA: accuracyA,
    meanB: accuracyB,
    difference,
    low,
    high,
    tests: [test],
    cohensD: null,
    rankBiserial: null,
    n: examples,
    excluded: 0,
  });
  return [accuracy, ...metrics.map((row) => toRow({ ...row, tests: [row.test] }))];
}

const listSeedRows = ({ metrics }: SeedComparison): ComparisonRow[] =>
  metrics.map((row) => toRow({ ...row, tests: [row.tTest, row.wilcoxon] }));

/** The rows of a comparison's table. */
export const listComparisonRows = (comparison: Comparison): ComparisonRow[] =>
  comparison.kind === 'examples' ? listExampleRows(comparison) : listSeedRows(comparison);

/** What the table's numbers are, in words. */
export function describeMethods(comparison: Comparison): string {
  const effects =
    'd: Cohen’s d for pairs; r: matched-pairs rank-biserial correlation; both positive where the second is higher.';
  if (comparison.kind === 'examples') {
    const { resamples, bootstrapSeed } = comparison;
    return `Accuracy: McNemar’s exact test, Bonett and Price’s interval. Others: paired bootstrap of means, ${resamples} resamples, seed ${bootstrapSeed}, percentile intervals. Holm: over all tests of the table. ${effects} The tests speak of these two trained models, not of training them again: that takes runs over several seeds.`;
  }
  const { seeds } = comparison;
  return `Mean ± standard deviation over ${seeds.length} seeds (${seeds.join(', ')}), paired by seed; interval of the mean difference by Student’s t. t: paired t-test; W: Wilcoxon’s signed ranks, exact; both two-sided. Holm: over all metrics, for each kind of test. ${effects}`;
}

const odds = (value: number | null): string => (value === null ? 'infinite' : value.toFixed(2));

/** How two runs' predictions agree, in one line. */
export function describePredictions({ a, b, examples, predictions }: ExampleComparison): string {
  const { bothRight, onlyA, onlyB, bothWrong, oddsRatio, oddsLow, oddsHigh } = predictions;
  const counts = `${examples} test images: both right ${bothRight}, only ${a.label} ${onlyA}, only ${b.label} ${onlyB}, both wrong ${bothWrong}`;
  return onlyA + onlyB === 0
    ? `${counts}.`
    : `${counts}; odds ${b.label} : ${a.label} ${odds(oddsRatio)}, 95% interval [${odds(oddsLow)}, ${odds(oddsHigh)}].`;
}
