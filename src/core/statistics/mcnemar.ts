import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';

/** How two classifiers fared on the same images. */
export interface AgreementCounts {
  bothRight: number;
  onlyA: number;
  onlyB: number;
  bothWrong: number;
}

export interface McNemarResult {
  /** Share right under B minus share right under A, with its 95% interval. */
  difference: number;
  low: number;
  high: number;
  /** onlyB / onlyA with its 95% interval; null stands for an infinite one, or for 0 / 0. */
  oddsRatio: number | null;
  oddsLow: number | null;
  oddsHigh: number | null;
  /** Two-sided. */
  pValue: number;
}

/** 97.5% quantile of the normal distribution. */
const z = 1.959963984540054;

/**
 * McNemar's exact test of whether two classifiers are right equally often: of the images that only
 * one of them gets right, either one's number is binomial with probability 1/2. Two-sided: twice the
 * smaller tail, at most 1. 1 where the two never differ.
 */
export function testMcNemar(counts: AgreementCounts): McNemarResult {
  const { onlyA, onlyB } = counts;
  const discordant = onlyA + onlyB;
  const pValue =
    discordant === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(onlyA, onlyB), discordant, 1 / 2));
  return { ...differenceOf(counts), ...oddsOf(onlyA, onlyB), pValue };
}

/** The interval is Bonett and Price's (2012): Wald's with one image added to either kind. */
function differenceOf({ bothRight, onlyA, onlyB, bothWrong }: AgreementCounts) {
  const total = bothRight + onlyA + onlyB + bothWrong;
  const [a, b] = [(onlyA + 1) / (total + 2), (onlyB + 1) / (total + 2)];
  const half = z * Math.sqrt((a + b - (b - a) ** 2) / (total + 2));
  return {
    difference: (onlyB - onlyA) / total,
    low: Math.max(-1, b - a - half),
    high: Math.min(1, b - a + half),
  };
}

/** The interval is exact: Clopper and Pearson's for onlyB / (onlyA + onlyB), as odds. */
function oddsOf(onlyA: number, onlyB: number) {
  if (onlyA + onlyB === 0) return { oddsRatio: null, oddsLow: null, oddsHigh: null };
  const toOdds = (share: number): number => share / (1 - share);
  return {
    oddsRatio: onlyA === 0 ? null : onlyB / onlyA,
    oddsLow: onlyB === 0 ? 0 : toOdds(betaQuantile(0.025, onlyB, onlyA + 1)),
    oddsHigh: onlyA === 0 ? null : toOdds(betaQuantile(0.975, onlyB + 1, onlyA)),
  };
}
