import { exampleMetricNames, type ExampleMetricName } from '../comparedMetrics.ts';
import {
  bootstrapResamples,
  usualLevel,
  type ComparedSide,
  type ExampleComparison,
} from '../comparison.ts';
import { Random } from '../random.ts';
import { bootstrapMeans, type BootstrapResult } from './bootstrap.ts';
import { adjustHolm } from './holm.ts';
import { testMcNemar, type AgreementCounts } from './mcnemar.ts';
import { computeCohensD, computeRankBiserial } from './pairedTests.ts';

/** One run's test images at one epoch; NaN where undefined. */
export interface MeasuredExamples {
  /** [N], 1 where the prediction is right. */
  correct: Uint8Array;
  /** [N] each */
  values: Record<ExampleMetricName, Float32Array>;
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

type MetricComparison = ExampleComparison['metrics'][number];

function describeMetric(
  metric: ExampleMetricName,
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

function warn({ onlyA, onlyB }: AgreementCounts, metrics: readonly MetricComparison[]): string[] {
  const discordant = onlyA + onlyB;
  const least = Math.min(1, 2 ** (1 - discordant));
  const warnings = [];
  if (least >= usualLevel) {
    warnings.push(
      `Only ${discordant} images are predicted right by one run alone: McNemar's test cannot give a p below ${least.toPrecision(2)}, whatever they are.`,
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
 * paired bootstrap on every metric, and Holm's adjustment over all of these tests. Yields how many
 * resamples are done.
 *
 * @param warnings what is already known to limit the comparison
 */
export function* compareExamples(
  sides: readonly [ComparedSide, ComparedSide],
  measured: readonly [MeasuredExamples, MeasuredExamples],
  { bootstrapSeed, warnings }: { bootstrapSeed: number; warnings: readonly string[] },
): Generator<number, ExampleComparison, void> {
  const [a, b] = measured;
  const columns = exampleMetricNames.map((name) => differencesOf(a.values[name], b.values[name]));
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
    const name = exampleMetricNames[j] ?? 'confidence';
    const described = describeMetric(name, measured, columns[j] ?? new Float64Array(0), result);
    const adjustedP = adjusted[j] ?? null;
    const test = adjustedP === null ? null : { pValue: result.pValue, adjusted: adjustedP };
    return { ...described, test };
  });
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
      test: { pValue, adjusted: predictionsP ?? pValue },
    },
    metrics,
    resamples: bootstrapResamples,
    bootstrapSeed,
    warnings: [...warnings, ...warn(counts, metrics)],
  };
}
