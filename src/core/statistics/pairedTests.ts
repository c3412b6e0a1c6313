import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { mean, standardDeviation } from './describe.ts';
import { intervalHalfWidth } from './studentInterval.ts';

export interface PairedT {
  t: number;
  degrees: number;
  /** Two-sided. */
  pValue: number;
}

/**
 * Student's paired t-test of whether the mean of the differences is 0; null for fewer than two, and
 * where they are all the same, so that nothing says how much they vary.
 */
export function testPairedT(differences: readonly number[]): PairedT | null {
  const deviation = standardDeviation(differences);
  if (differences.length < 2 || deviation === 0) return null;
  const t = (mean(differences) / deviation) * Math.sqrt(differences.length);
  const degrees = differences.length - 1;
  return { t, degrees, pValue: Math.min(1, 2 * tCdf(-Math.abs(t), degrees)) };
}

/** Mean of differences with its 95% interval by Student's t. */
export function describeDifferences(differences: readonly number[]): {
  difference: number;
  low: number | null;
  high: number | null;
} {
  const difference = mean(differences);
  const half = intervalHalfWidth(differences);
  return {
    difference,
    low: half === null ? null : difference - half,
    high: half === null ? null : difference + half,
  };
}

/** Cohen's d for pairs: mean of the differences over their standard deviation; null where that is 0. */
export function computeCohensD(differences: readonly number[]): number | null {
  const deviation = standardDeviation(differences);
  return deviation === 0 ? null : mean(differences) / deviation;
}

/** Differences closer than this share of the largest one tie: sums in floating point are no closer. */
const tieTolerance = 1e-12;

interface SignedRanks {
  /** Ranks of the absolute differences from 1; tied ones share the mean of theirs. */
  ranks: number[];
  positive: number;
  negative: number;
  /** Differences left out because they are 0. */
  zeros: number;
  /** Differences that share their rank with another. */
  tied: number;
}

/** Signed ranks by Wilcoxon's own method: differences of 0 are dropped before ranking. */
function rankSigned(differences: readonly number[]): SignedRanks {
  const largest = differences.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  const tolerance = largest * tieTolerance;
  const sorted = differences
    .filter((d) => Math.abs(d) > tolerance)
    .sort((a, b) => Math.abs(a) - Math.abs(b));
  const ranks: number[] = [];
  let [positive, negative, tied] = [0, 0, 0];
  for (let first = 0; first < sorted.length;) {
    const size = Math.abs(sorted[first] ?? 0);
    let end = first + 1;
    while (end < sorted.length && Math.abs(sorted[end] ?? 0) - size <= tolerance) end += 1;
    const rank = (first + 1 + end) / 2;
    for (const d of sorted.slice(first, end)) {
      ranks.push(rank);
      if (d > 0) positive += rank;
      else negative += rank;
    }
    if (end - first > 1) tied += end - first;
    first = end;
  }
  return { ranks, positive, negative, zeros: differences.length - sorted.length, tied };
}

/**
 * Matched-pairs rank-biserial correlation (Kerby, 2014), in [-1,1]: the positive differences' share of
 * the signed ranks' sum minus the negative ones' share; null where every difference is 0.
 */
export function computeRankBiserial(differences: readonly number[]): number | null {
  const { positive, negative } = rankSigned(differences);
  return positive + negative === 0 ? null : (positive - negative) / (positive + negative);
}

export interface SignedRankTest {
  /** The smaller of the sums of positive and of negative ranks. */
  statistic: number;
  /** Differences ranked. */
  n: number;
  zeros: number;
  tied: number;
  /** Two-sided and exact, also with ties. */
  pValue: number;
}

/**
 * Wilcoxon's signed-rank test of whether the differences are symmetric around 0. Exact for every n:
 * given the ranks, also shared ones, each sign is + or - with probability 1/2. Differences of 0 are
 * dropped. Null where none is left.
 */
export function testSignedRanks(differences: readonly number[]): SignedRankTest | null {
  const { ranks, positive, negative, zeros, tied } = rankSigned(differences);
  if (ranks.length === 0) return null;
  const statistic = Math.min(positive, negative);
  const pValue = Math.min(1, 2 * lowerTail(ranks, statistic));
  return { statistic, n: ranks.length, zeros, tied, pValue };
}

/** Probability that a random subset of the ranks sums to at most `limit`. */
function lowerTail(ranks: readonly number[], limit: number): number {
  // Twice a shared rank is a whole number.
  const top = Math.round(2 * limit);
  let probabilities = new Float64Array(top + 1);
  probabilities[0] = 1;
  for (const rank of ranks) {
    const step = Math.round(2 * rank);
    probabilities = probabilities.map(
      (probability, total) => (probability + (probabilities[total - step] ?? 0)) / 2,
    );
  }
  return probabilities.reduce((sum, probability) => sum + probability, 0);
}
