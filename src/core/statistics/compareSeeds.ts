import {
  comparedMetricNames,
  type ComparedMetricName,
  type RunMeasures,
} from '../metrics/comparedMetrics.ts';
import { usualLevel, type ComparedSide, type SeedComparison } from './comparison.ts';
import { listVersions, warnOfVersions } from '../numericsVersion.ts';
import { leastPValue, listAttainable, pairsNeeded, testsAllowed } from './attainable.ts';
import { mean, standardDeviation } from './describe.ts';
import { adjustHolm } from './holm.ts';
import {
  computeCohensD,
  computeRankBiserial,
  describeDifferences,
  testPairedT,
  testSignedRanks,
} from './pairedTests.ts';
import { printP } from './printP.ts';

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

/**
 * Metrics tested unless told; `falsePredictions` says what `testAccuracy` says, and one more test would take
 * from all others what Holm's method takes.
 */
const usualMetrics = comparedMetricNames.filter(
  (name) => name !== 'falsePredictions' && name !== 'calibrationError',
);

/** What Wilcoxon's test cannot show with so few seeds, before somebody takes it for a finding. */
function warnOfAttainable(n: number, metrics: readonly MetricComparison[]): string[] {
  const least = leastPValue(n);
  if (least >= usualLevel) {
    return [
      `${n} seeds are too few for Wilcoxon's test: its p cannot fall below ${least}, whatever the data; below ${usualLevel} takes ${pairsNeeded(1)}.`,
    ];
  }
  const adjusted = metrics.flatMap(({ wilcoxon }) => wilcoxon?.attainable.adjusted ?? []);
  const best = Math.min(...adjusted);
  if (adjusted.length === 0 || best < usualLevel) return [];
  const allowed = testsAllowed(n);
  return [
    `Wilcoxon's p, adjusted by Holm over ${adjusted.length} metrics, cannot fall below ${printP(best)} with ${n} seeds, whatever the data: that it is not below ${usualLevel} says nothing about the metrics. Below takes ${pairsNeeded(adjusted.length)} seeds, or no more than ${allowed} ${allowed === 1 ? 'metric' : 'metrics'}, chosen before the results are seen.`,
  ];
}

function warn(n: number, metrics: readonly MetricComparison[]): string[] {
  const warnings = warnOfAttainable(n, metrics);
  if (n < pairsNeeded(1)) {
    warnings.push(
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
 * Wilcoxon's signed ranks on every metric named (all but those that say the same where none are), each
 * kind of test adjusted by Holm's method over these metrics.
 */
export function compareSeeds(
  sides: readonly [ComparedSide, ComparedSide],
  [a, b]: readonly [readonly RunMeasures[], readonly RunMeasures[]],
  tested: readonly ComparedMetricName[] | null,
): SeedComparison {
  const results = (tested ?? usualMetrics).map((metric) => testPairs(metric, a, b));
  const adjustedT = adjustHolm(results.map(({ tTest }) => tTest?.pValue ?? null));
  const adjustedRanks = adjustHolm(results.map(({ wilcoxon }) => wilcoxon?.pValue ?? null));
  const attainable = listAttainable(
    results.map(({ wilcoxon }) => wilcoxon && leastPValue(wilcoxon.n)),
  );
  const metrics = results.map(({ described, tTest, wilcoxon }, i): MetricComparison => {
    const ranks = wilcoxon && {
      statistic: wilcoxon.statistic,
      zeros: wilcoxon.zeros,
      tied: wilcoxon.tied,
      pValue: wilcoxon.pValue,
      adjusted: adjustedRanks[i] ?? wilcoxon.pValue,
      attainable: attainable[i] ?? { pValue: 1, adjusted: 1 },
    };
    return {
      ...described,
      tTest: tTest && { ...tTest, adjusted: adjustedT[i] ?? tTest.pValue },
      wilcoxon: ranks,
    };
  });
  const versions = warnOfVersions(listVersions(sides.flatMap(({ runs }) => runs)));
  return {
    kind: 'seeds',
    a: sides[0],
    b: sides[1],
    seeds: sides[0].runs.map(({ seed }) => seed),
    metrics,
    warnings: [...(versions === null ? [] : [versions]), ...warn(a.length, metrics)],
  };
}
