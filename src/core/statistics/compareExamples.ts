import type { ComparedExampleMetricName } from '../metrics/exampleMetrics.ts';
import {
  bootstrapResamples,
  usualLevel,
  type ComparedSide,
  type ExampleComparison,
} from './comparison.ts';
import { listVersions, warnOfVersions } from '../numericsVersion.ts';
import { Random } from '../random.ts';
import { leastPValue, listAttainable, type Attainable } from './attainable.ts';
import { bootstrapMeans, leastOf, type BootstrapResult } from './bootstrap.ts';
import { adjustHolm } from './holm.ts';
import { testMcNemar, type AgreementCounts } from './mcnemar.ts';
import { computeCohensD, computeRankBiserial } from './pairedTests.ts';
import { printP } from './printP.ts';

/** One run's test images at one epoch; NaN where undefined. */
export interface MeasuredExamples {
  /** [N], 1 where the prediction is right. */
  correct: Uint8Array;
  /** [N] each */
  values: Record<ComparedExampleMetricName, Float32Array>;
}

function countAgreement(a: Uint8Array, b: Uint8Array): AgreementCounts {
  const counts = { bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0 };
  a.forEach((right, i) => {
    const other = b[i] === 1;
    counts[right === 1 ? (other ? 'bothRight' : 'onlyA') : other ? 'onlyB' : 'bothWrong'] += 1;
  });
  return counts;
}

const differencesOf = (a: Float32Array, b: Float32Array): Float64Array =>
  Float64Array.from(a, (value, i) => (b[i] ?? Number.NaN) - value);

/** Mean of a side's values over the pairs that are defined on both sides. */
function meanOver(values: Float32Array, differences: Float64Array): number {
  let [total, n] = [0, 0];
  differences.forEach((difference, i) => {
    if (Number.isNaN(difference)) return;
    total += values[i] ?? 0;
    n += 1;
  });
  return total / n;
}

export interface ExampleComparisonOptions {
  bootstrapSeed: number;
  metrics: readonly ComparedExampleMetricName[];
  /** What is already known to limit the comparison. */
  warnings: readonly string[];
}

type MetricComparison = ExampleComparison['metrics'][number];

function describeMetric(
  metric: ComparedExampleMetricName,
  [a, b]: readonly [MeasuredExamples, MeasuredExamples],
  differences: Float64Array,
  bootstrap: BootstrapResult,
): Omit<MetricComparison, 'test'> {
  const { n, difference, low, high } = bootstrap;
  const excluded = differences.length - n;
  if (n === 0) {
    const nothing = { meanA: null, meanB: null, difference: null, low: null, high: null };
    return { metric, n, excluded, ...nothing, cohensD: null, rankBiserial: null };
  }
  const defined = [...differences].filter((value) => !Number.isNaN(value));
  return {
    metric,
    n,
    excluded,
    meanA: meanOver(a.values[metric], differences),
    meanB: meanOver(b.values[metric], differences),
    difference,
    low,
    high,
    cohensD: computeCohensD(defined),
    rankBiserial: computeRankBiserial(defined),
  };
}

function warn(
  { onlyA, onlyB }: AgreementCounts,
  { pValue, adjusted }: Attainable,
  metrics: readonly MetricComparison[],
): string[] {
  const warnings = [];
  if (adjusted >= usualLevel) {
    warnings.push(
      `Only ${onlyA + onlyB} images are predicted right by one run alone: McNemar's test cannot give a p below ${printP(pValue)}, adjusted ${printP(adjusted)}, whatever they are.`,
    );
  }
  for (const { metric, n, excluded } of metrics) {
    if (n === 0) warnings.push(`${metric} is undefined on every image of one run or the other.`);
    else if (excluded > n)
      warnings.push(`${metric} is undefined on ${excluded} images, more than the ${n} compared.`);
  }
  return warnings;
}

/**
 * Two runs on the same N test images, in the same order: McNemar's exact test on the predictions, a
 * paired bootstrap on every metric named, and Holm's adjustment over all of these tests. Yields how many
 * resamples are done.
 */
export function* compareExamples(
  sides: readonly [ComparedSide, ComparedSide],
  measured: readonly [MeasuredExamples, MeasuredExamples],
  { bootstrapSeed, warnings, metrics: tested }: ExampleComparisonOptions,
): Generator<number, ExampleComparison, void> {
  const [a, b] = measured;
  const columns = tested.map((name) => differencesOf(a.values[name], b.values[name]));
  const bootstraps = yield* bootstrapMeans(columns, {
    resamples: bootstrapResamples,
    random: Random.fromSeed(bootstrapSeed),
  });
  const counts = countAgreement(a.correct, b.correct);
  const { pValue, ...effect } = testMcNemar(counts);
  const examples = a.correct.length;
  const [predictionsP = null, ...adjusted] = adjustHolm([
    pValue,
    ...bootstraps.map((result) => (result.n === 0 ? null : result.pValue)),
  ]);
  const metrics = bootstraps.map((result, j): MetricComparison => {
    const name = tested[j] ?? 'confidence';
    const described = describeMetric(name, measured, columns[j] ?? new Float64Array(0), result);
    const adjustedP = adjusted[j] ?? null;
    const test = adjustedP === null ? null : { pValue: result.pValue, adjusted: adjustedP };
    return { ...described, test };
  });
  const least = leastPValue(counts.onlyA + counts.onlyB);
  const [attainable = null] = listAttainable([
    least,
    ...bootstraps.map(({ n }) => (n === 0 ? null : leastOf(bootstrapResamples))),
  ]);
  const limits = attainable ?? { pValue: least, adjusted: least };
  const versions = warnOfVersions(listVersions(sides.flatMap(({ runs }) => runs)));
  return {
    kind: 'examples',
    a: sides[0],
    b: sides[1],
    examples,
    predictions: {
      ...counts,
      accuracyA: (counts.bothRight + counts.onlyA) / examples,
      accuracyB: (counts.bothRight + counts.onlyB) / examples,
      ...effect,
      test: { pValue, adjusted: predictionsP ?? pValue, attainable: limits },
    },
    metrics,
    resamples: bootstrapResamples,
    bootstrapSeed,
    warnings: [
      ...warnings,
      ...(versions === null ? [] : [versions]),
      ...warn(counts, limits, metrics),
    ],
  };
}
