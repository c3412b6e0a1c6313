import {
  comparedMetricNames,
  type ComparedMetricName,
  type RunMeasures,
} from '../comparedMetrics.ts';
import { usualLevel, type ComparedSide, type SeedComparison } from '../comparison.ts';
import { mean, standardDeviation } from './describe.ts';
import { adjustHolm } from './holm.ts';
import {
  computeCohensD,
  computeRankBiserial,
  describeDifferences,
  testPairedT,
  testSignedRanks,
} from './pairedTests.ts';

type MetricComparison = SeedComparison['metrics'][number];
type Pair = readonly [number, number];

const deviationOf = (values: readonly number[]): number | null =>
  values.length < 2 ? null : standardDeviation(values);

function describePairs(pairs: readonly Pair[]) {
  if (pairs.length === 0) {
    const nothing = { meanA: null, meanB: null, deviationA: null, deviationB: null };
    const noDifference = { difference: null, low: null, high: null };
    return { ...nothing, ...noDifference, cohensD: null, rankBiserial: null };
  }
  const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
  const differences = pairs.map(([first, second]) => second - first);
  return {
    meanA: mean(a),
    meanB: mean(b),
    deviationA: deviationOf(a),
    deviationB: deviationOf(b),
    ...describeDifferences(differences),
    cohensD: computeCohensD(differences),
    rankBiserial: computeRankBiserial(differences),
  };
}

function testPairs(
  metric: ComparedMetricName,
  a: readonly RunMeasures[],
  b: readonly RunMeasures[],
) {
  const pairs = a.flatMap((run, i): Pair[] => {
    const [first, second] = [run[metric].value, b[i]?.[metric].value ?? null];
    return first === null || second === null ? [] : [[first, second]];
  });
  const differences = pairs.map(([first, second]) => second - first);
  return {
    described: {
      metric,
      n: pairs.length,
      excluded: a.length - pairs.length,
      ...describePairs(pairs),
    },
    tTest: testPairedT(differences),
    wilcoxon: testSignedRanks(differences),
  };
}

/** Metrics tested; `falsePredictions` says what `accuracy` says. */
const testedMetrics = comparedMetricNames.filter((name) => name !== 'falsePredictions');

/** The least n at which Wilcoxon's two-sided p can fall below the usual level: 2^(1 - n) < 0.05. */
const leastForWilcoxon = 6;

function warn(n: number, metrics: readonly MetricComparison[]): string[] {
  const warnings = [];
  if (n < leastForWilcoxon) {
    warnings.push(
      `${n} seeds are too few for Wilcoxon's test: its p cannot fall below ${2 ** (1 - n)}, whatever the data; below ${usualLevel} takes ${leastForWilcoxon}.`,
      `With ${n} seeds the t-test rests on ${n - 1} ${n === 2 ? 'degree' : 'degrees'} of freedom and on differences that are normally distributed, which so few cannot show.`,
    );
  }
  for (const { metric, excluded, wilcoxon, tTest, n: pairs } of metrics) {
    if (excluded > 0) warnings.push(`${metric} is undefined for ${excluded} of ${n} seeds.`);
    if (wilcoxon === null && pairs > 0)
      warnings.push(
        `${metric} is the same on both sides for every seed: there is nothing to test.`,
      );
    else if (tTest === null && pairs > 1)
      warnings.push(
        `${metric} differs by the same amount for every seed: the t-test has no answer.`,
      );
    else if (wilcoxon !== null && wilcoxon.zeros > 0)
      warnings.push(
        `${metric}: Wilcoxon's test leaves out ${wilcoxon.zeros} seeds without a difference.`,
      );
  }
  return warnings;
}

/**
 * Runs of two configurations, the i-th of `a` and of `b` with the same seed: Student's paired t and
 * Wilcoxon's signed ranks on every metric, each kind of test adjusted by Holm's method over the metrics.
 */
export function compareSeeds(
  sides: readonly [ComparedSide, ComparedSide],
  [a, b]: readonly [readonly RunMeasures[], readonly RunMeasures[]],
): SeedComparison {
  const results = testedMetrics.map((metric) => testPairs(metric, a, b));
  const adjustedT = adjustHolm(results.map(({ tTest }) => tTest?.pValue ?? null));
  const adjustedRanks = adjustHolm(results.map(({ wilcoxon }) => wilcoxon?.pValue ?? null));
  const metrics = results.map(({ described, tTest, wilcoxon }, i): MetricComparison => {
    const ranks = wilcoxon && {
      statistic: wilcoxon.statistic,
      zeros: wilcoxon.zeros,
      tied: wilcoxon.tied,
      pValue: wilcoxon.pValue,
      adjusted: adjustedRanks[i] ?? wilcoxon.pValue,
    };
    return {
      ...described,
      tTest: tTest && { ...tTest, adjusted: adjustedT[i] ?? tTest.pValue },
      wilcoxon: ranks,
    };
  });
  return {
    kind: 'seeds',
    a: sides[0],
    b: sides[1],
    seeds: sides[0].runs.map(({ seed }) => seed),
    metrics,
    warnings: warn(a.length, metrics),
  };
}
