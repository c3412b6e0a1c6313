import { comparedMetrics } from '../metrics/comparedMetrics.ts';
import type { ComparedMetricName } from '../metrics/comparedMetrics.ts';
import { printedHeading, toPrinted } from '../metrics/metric.ts';
import type { Comparison, ExampleComparison, SeedComparison } from './comparison.ts';
import { dropRounding } from '../formats/decimalText.ts';
import { listVersions, warnOfVersions } from '../numericsVersion.ts';
import { commonDecimals } from './decimals.ts';
import { printP } from './printP.ts';

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
  const print = (value: number): number => toPrinted(comparedMetrics[metric], value);
  const largest = Math.max(...[measured.meanA, measured.meanB].map((mean) => Math.abs(mean ?? 0)));
  const values = Object.fromEntries(
    scaledKeys.map((key) => {
      const value = measured[key] ?? null;
      return [key, value === null ? null : dropRounding(print(value), print(largest))];
    }),
  ) as Pick<ComparisonRow, (typeof scaledKeys)[number]>;
  const { low, high, deviationA, deviationB } = values;
  const half = low === null || high === null ? null : (high - low) / 2;
  return {
    ...measured,
    ...values,
    title: printedHeading(comparedMetrics[metric]),
    decimals: commonDecimals([half, deviationA, deviationB], comparedMetrics[metric].decimals),
  };
}

function listExampleRows({ predictions, metrics, examples }: ExampleComparison): ComparisonRow[] {
  const { accuracyA, accuracyB, difference, low, high, test } = predictions;
  const accuracy = toRow({
    metric: 'testAccuracy',
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

/** Where so small a p-value can be attained, nobody is held up by what can be. */
const leastTold = 0.001;

/** What a p-value cannot fall below, before somebody reads that nothing is significant. */
function describeAttainable(comparison: Comparison): string {
  const [name, least] =
    comparison.kind === 'examples'
      ? ['McNemar’s', [comparison.predictions.test.attainable]]
      : ['Wilcoxon’s', comparison.metrics.flatMap(({ wilcoxon }) => wilcoxon?.attainable ?? [])];
  const lowest = (key: 'pValue' | 'adjusted'): number =>
    Math.min(...least.map((attainable) => attainable[key]));
  if (least.length === 0 || lowest('adjusted') < leastTold) return '';
  return ` With so many ${comparison.kind === 'examples' ? 'images on which only one run is right' : 'seeds'} ${name} p cannot fall below ${printP(lowest('pValue'))}, adjusted ${printP(lowest('adjusted'))}, whatever the data.`;
}

/** What the table's numbers are, in words. */
export function describeMethods(comparison: Comparison): string {
  const { a, b } = comparison;
  const versions = warnOfVersions(listVersions([...a.runs, ...b.runs]));
  return `${describeTests(comparison)}${describeAttainable(comparison)}${versions === null ? '' : ` ${versions}`}`;
}

function describeTests(comparison: Comparison): string {
  const effects =
    'd: Cohen’s d for pairs; r: matched-pairs rank-biserial correlation; both positive where the second is higher.';
  if (comparison.kind === 'examples') {
    const { resamples, bootstrapSeed, metrics } = comparison;
    return `Accuracy: McNemar’s exact test, Bonett and Price’s interval. Others: paired bootstrap of means, ${resamples} resamples, seed ${bootstrapSeed}, percentile intervals. Holm: over the ${metrics.length + 1} tests. ${effects} The tests speak of these two trained models, not of training them again: that takes runs over several seeds.`;
  }
  const { seeds, metrics } = comparison;
  return `Mean ± standard deviation over ${seeds.length} seeds (${seeds.join(', ')}), paired by seed; interval of the mean difference by Student’s t. t: paired t-test; W: Wilcoxon’s signed ranks, exact; both two-sided. Holm: over ${metrics.length} ${metrics.length === 1 ? 'metric' : 'metrics'}, for each kind of test. ${effects}`;
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
