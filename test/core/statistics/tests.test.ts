import { describe, expect, it } from 'vitest';
import { intervalHalfWidth } from '../../../src/core/statistics/studentInterval.ts';
import { adjustHolm } from '../../../src/core/statistics/holm.ts';
import { testMcNemar } from '../../../src/core/statistics/mcnemar.ts';
import {
  computeCohensD,
  computeRankBiserial,
  describeDifferences,
  testPairedT,
  testSignedRanks,
} from '../../../src/core/statistics/pairedTests.ts';
import { statisticsGolden } from '../../support/statisticsGolden.ts';

describe("McNemar's exact test", () => {
  it.each(statisticsGolden.mcnemar)(
    'is the binomial test of $onlyA against $onlyB',
    ({ onlyA, onlyB, pValue, share }) => {
      const result = testMcNemar({ bothRight: 900, onlyA, onlyB, bothWrong: 30 });
      expect(result.pValue).toBeCloseTo(pValue, 10);
      const [low, high] = share ?? [];
      if (low === undefined || high === undefined) {
        expect(result).toMatchObject({ oddsRatio: null, oddsLow: null, oddsHigh: null });
        return;
      }
      expect(result.oddsLow).toBeCloseTo(low / (1 - low), 6);
      if (high === 1) expect(result.oddsHigh).toBeNull();
      else expect((result.oddsHigh ?? Number.NaN) / (high / (1 - high))).toBeCloseTo(1, 8);
    },
  );

  it('gives the difference with its interval, by hand', () => {
    // 100 images: adjusted shares 6/102 and 11/102, difference 5/102.
    const { difference, low, high, oddsRatio } = testMcNemar({
      bothRight: 80,
      onlyA: 5,
      onlyB: 10,
      bothWrong: 5,
    });
    const half = 1.959964 * Math.sqrt((17 / 102 - (5 / 102) ** 2) / 102);
    expect(difference).toBeCloseTo(0.05, 12);
    expect(low).toBeCloseTo(5 / 102 - half, 6);
    expect(high).toBeCloseTo(5 / 102 + half, 6);
    expect(oddsRatio).toBe(2);
  });
});

describe.each(statisticsGolden.paired)('paired tests on $name', (golden) => {
  const { differences } = golden;

  it("agree with SciPy's t-test and its interval", () => {
    const test = testPairedT(differences);
    expect(test?.t).toBeCloseTo(golden.t, 10);
    expect(test?.degrees).toBe(golden.degrees);
    expect(test?.pValue).toBeCloseTo(golden.tP, 10);
    const { difference, low, high } = describeDifferences(differences);
    expect(difference).toBeCloseTo(golden.mean, 12);
    expect(low).toBeCloseTo(golden.low, 8);
    expect(high).toBeCloseTo(golden.high, 8);
    expect(computeCohensD(differences)).toBeCloseTo(golden.cohensD, 10);
  });

  it('agree with every sign tried, zeros dropped and ties sharing ranks', () => {
    const test = testSignedRanks(differences);
    expect(test?.statistic).toBe(golden.w);
    expect(test?.pValue).toBeCloseTo(golden.wP, 12);
    expect(test?.zeros).toBe(differences.filter((d) => d === 0).length);
  });
});

describe('signed ranks', () => {
  it('cannot fall below 2^(1 - n)', () => {
    for (const n of [1, 2, 3, 6, 10]) {
      const differences = Array.from({ length: n }, (_, i) => 1 + i);
      expect(testSignedRanks(differences)?.pValue).toBeCloseTo(2 ** (1 - n), 12);
    }
  });

  it('tie what differs by rounding alone', () => {
    // 0.3 - 0.2 and 0.2 - 0.1 are not the same double.
    expect(0.3 - 0.2).not.toBe(0.2 - 0.1);
    expect(testSignedRanks([0.3 - 0.2, 0.2 - 0.1, -0.5])).toMatchObject({ tied: 2, statistic: 3 });
    expect(testSignedRanks([0, 0])).toBeNull();
  });

  it('stay exact for many pairs', () => {
    const differences = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    // SciPy 1.17: wilcoxon(d, method="exact").pvalue
    expect(testSignedRanks(differences)?.pValue).toBeCloseTo(0.01613712308755133, 10);
  });

  it('give the rank-biserial correlation', () => {
    // Ranks 1, 2, 3, 4 with -1 and -3: (6 - 4) / 10.
    expect(computeRankBiserial([-1, 2, -3, 4])).toBeCloseTo(0.2, 12);
    expect(computeRankBiserial([0, 0])).toBeNull();
  });
});

describe('differences that do not vary', () => {
  it('have no t-test and no d', () => {
    expect(testPairedT([2, 2, 2])).toBeNull();
    expect(testPairedT([2])).toBeNull();
    expect(computeCohensD([2, 2, 2])).toBeNull();
  });
});

describe("Holm's adjustment", () => {
  it.each(statisticsGolden.holm)('of $pValues', ({ pValues, adjusted }) => {
    adjustHolm(pValues).forEach((p, i) => expect(p).toBeCloseTo(adjusted[i] ?? Number.NaN, 12));
  });

  it('counts only the tests that were made', () => {
    expect(adjustHolm([null, 0.02, null, 0.03])).toEqual([null, 0.04, null, 0.04]);
  });
});

describe('the interval of a mean', () => {
  it.each(statisticsGolden.tQuantiles)('takes Student’s t at %d degrees', (degrees, quantile) => {
    // n values 0 and 1 in turn.
    const values = Array.from({ length: degrees + 1 }, (_, i) => i % 2);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / degrees;
    expect(intervalHalfWidth(values)).toBeCloseTo(
      quantile * Math.sqrt(variance / values.length),
      8,
    );
  });
});
