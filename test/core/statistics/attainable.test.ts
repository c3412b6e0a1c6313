import { describe, expect, it } from 'vitest';
import {
  leastPValue,
  listAttainable,
  pairsNeeded,
  testsAllowed,
} from '../../../src/core/statistics/attainable.ts';
import { testMcNemar } from '../../../src/core/statistics/mcnemar.ts';
import { testSignedRanks } from '../../../src/core/statistics/pairedTests.ts';

const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('the smallest p-value of n pairs', () => {
  it.each(sizes)('is the smallest of all that Wilcoxon’s test gives %i differences', (n) => {
    const all = Array.from({ length: 2 ** n }, (_, signs) =>
      Array.from({ length: n }, (__, i) => ((signs >> i) % 2 === 0 ? i + 1 : -i - 1)),
    );
    const pValues = all.map((differences) => testSignedRanks(differences)?.pValue ?? 1);
    expect(leastPValue(n)).toBeCloseTo(Math.min(...pValues), 12);
  });

  it.each(sizes)('is the smallest of all that McNemar’s test gives %i images', (n) => {
    const pValues = Array.from({ length: n + 1 }, (_, onlyA) => {
      const counts = { bothRight: 5, onlyA, onlyB: n - onlyA, bothWrong: 5 };
      return testMcNemar(counts).pValue;
    });
    expect(leastPValue(n)).toBeCloseTo(Math.min(...pValues), 12);
  });

  it('is 1 for none', () => {
    expect(leastPValue(0)).toBe(1);
  });
});

describe('Holm’s adjustment', () => {
  it('is that of all tests at their smallest', () => {
    expect(listAttainable([0.01, null, 0.02])).toEqual([
      { pValue: 0.01, adjusted: 0.02 },
      null,
      { pValue: 0.02, adjusted: 0.02 },
    ]);
  });

  it('takes so many pairs, and leaves so many tests', () => {
    for (const tests of [1, 2, 3, 8, 11, 100]) {
      const pairs = pairsNeeded(tests);
      expect(tests * leastPValue(pairs)).toBeLessThan(0.05);
      expect(tests * leastPValue(pairs - 1)).toBeGreaterThanOrEqual(0.05);
    }
    for (const pairs of [6, 7, 9, 12]) {
      const tests = testsAllowed(pairs);
      expect(tests * leastPValue(pairs)).toBeLessThan(0.05);
      expect((tests + 1) * leastPValue(pairs)).toBeGreaterThanOrEqual(0.05);
    }
    expect(testsAllowed(5)).toBe(0);
  });
});
