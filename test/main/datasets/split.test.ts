import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, computeSplit } from '../../../src/main/datasets/split.ts';
import type { SplitConfig } from '../../../src/main/datasets/split.ts';
import { expectError } from './builders.ts';

const config: SplitConfig = {
  trainExamples: null,
  testExamples: null,
  testFraction: 1,
  validationFraction: 0.1,
  splitSeed: 0,
};

/** Labels as a data set has them: classes of any size in any order. */
const labelsOf = (minLength: number): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.integer({ min: 0, max: 6 }), { minLength, maxLength: 300 })
    .map((labels) => Uint8Array.from(labels));

const count = (indices: Iterable<number>, labels: Uint8Array, label: number): number =>
  [...indices].filter((index) => labels[index] === label).length;

/** Each class has its share of `total` to within one. */
function expectStratified(
  part: Uint32Array,
  whole: Iterable<number>,
  labels: Uint8Array,
  total: number,
): void {
  const all = [...whole];
  for (let label = 0; label < 7; label += 1) {
    const quota = (count(all, labels, label) * total) / all.length;
    expect(Math.abs(count(part, labels, label) - quota)).toBeLessThan(1);
  }
}

function expectAscending(indices: Uint32Array, below: number): void {
  for (let i = 1; i < indices.length; i += 1) {
    expect(indices[i]).toBeGreaterThan(indices[i - 1] ?? Infinity);
  }
  expect(indices.at(-1)).toBeLessThan(below);
}

describe('allocate', () => {
  test('by hand: the largest remainders are rounded up', () => {
    // Quotas of 10 among 5, 3, 7 of 15: 3.33, 2, 4.67.
    expect(allocate([5, 3, 7], 10)).toEqual([3, 2, 5]);
    // Quotas of 2 among four equal classes: 0.5 each; the lower classes come first.
    expect(allocate([1, 1, 1, 1], 2)).toEqual([1, 1, 0, 0]);
    expect(allocate([0, 4, 0], 3)).toEqual([0, 3, 0]);
  });

  test('adds up, within one of the quota and never more than there are', () => {
    const cases = fc
      .array(fc.nat(5_000_000), { minLength: 1, maxLength: 256 })
      .chain((counts) =>
        fc.tuple(fc.constant(counts), fc.nat(counts.reduce((sum, n) => sum + n, 0))),
      );
    fc.assert(
      fc.property(cases, ([counts, total]) => {
        const shares = allocate(counts, total);
        const all = counts.reduce((sum, n) => sum + n, 0);
        expect(shares.reduce((sum, n) => sum + n, 0)).toBe(total);
        counts.forEach((n, label) => {
          const share = shares[label] ?? -1;
          expect(share).toBeLessThanOrEqual(n);
          if (all > 0) expect(Math.abs(share - (n * total) / all)).toBeLessThan(1);
        });
      }),
    );
  });
});

test('property: parts are disjoint, stratified, exact and reproducible', () => {
  const cases = fc
    .record({ train: labelsOf(10), test: labelsOf(5) })
    .chain(({ train, test: testLabels }) =>
      fc.record({
        train: fc.constant(train),
        test: fc.constant(testLabels),
        trainExamples: fc.option(fc.integer({ min: 10, max: train.length })),
        testFraction: fc.double({ min: 0.2, max: 1, noNaN: true }),
        validationFraction: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        splitSeed: fc.integer({ min: 0, max: 2_147_483_647 }),
      }),
    );
  fc.assert(
    fc.property(cases, ({ train, test: testLabels, ...choices }) => {
      const split = computeSplit(train, testLabels, { ...config, ...choices });
      const used = choices.trainExamples ?? train.length;
      const validationCount = Math.round(used * choices.validationFraction);
      const testCount = Math.round(testLabels.length * choices.testFraction);
      expect(split.validation).toHaveLength(validationCount);
      expect(split.train).toHaveLength(used - validationCount);
      expect(split.test).toHaveLength(testCount);
      const both = [...split.train, ...split.validation];
      expect(new Set(both).size).toBe(used);
      expectStratified(Uint32Array.from(both), train.keys(), train, used);
      expectStratified(split.validation, both, train, validationCount);
      expectStratified(split.test, testLabels.keys(), testLabels, testCount);
      expectAscending(split.train, train.length);
      expectAscending(split.validation, train.length);
      expectAscending(split.test, testLabels.length);
      expect(computeSplit(train, testLabels, { ...config, ...choices })).toEqual(split);
    }),
  );
});

const train = Uint8Array.from({ length: 600 }, (_, i) => i % 3);
const testLabels = Uint8Array.from({ length: 200 }, (_, i) => i % 2);

test('what is chosen of one split leaves the draws of the other alone', () => {
  const base = computeSplit(train, testLabels, config);
  const fewer = computeSplit(train, testLabels, { ...config, testExamples: 10, testFraction: 0.3 });
  expect(fewer.train).toEqual(base.train);
  expect(fewer.validation).toEqual(base.validation);
  const other = { ...config, testFraction: 0.5 };
  const smaller = computeSplit(train, testLabels, { ...other, trainExamples: 100 });
  expect(smaller.test).toEqual(computeSplit(train, testLabels, other).test);
  const validation = { ...config, trainExamples: 100 };
  const both = ({ train: a, validation: b }: { train: Uint32Array; validation: Uint32Array }) =>
    [...a, ...b].sort((x, y) => x - y);
  expect(both(computeSplit(train, testLabels, { ...validation, validationFraction: 0.4 }))).toEqual(
    both(computeSplit(train, testLabels, validation)),
  );
});

test('testExamples are chosen of the fraction, in its proportions', () => {
  const { test: fraction } = computeSplit(train, testLabels, { ...config, testFraction: 0.5 });
  const some = { ...config, testFraction: 0.5, testExamples: 30 };
  const { test: chosen } = computeSplit(train, testLabels, some);
  expect(chosen).toHaveLength(30);
  expect(count(chosen, testLabels, 0)).toBe(15);
  expect([...fraction]).toEqual(expect.arrayContaining([...chosen]));
});

test('the paper’s splits of 60,000 and 10,000 images have the sizes expected', () => {
  const labels = Uint8Array.from({ length: 60_000 }, (_, i) => i % 10);
  const split = computeSplit(labels, labels.subarray(0, 10_000), { ...config, testFraction: 0.15 });
  expect([split.train.length, split.validation.length, split.test.length]).toEqual([
    54_000, 6_000, 1_500,
  ]);
});

test('every image is as likely to be chosen, whatever its place', () => {
  const small = Uint8Array.from({ length: 12 }, (_, i) => i % 2);
  const chosen = new Array<number>(12).fill(0);
  const seeds = 2400;
  for (let splitSeed = 0; splitSeed < seeds; splitSeed += 1) {
    const { test: drawn } = computeSplit(small, small, { ...config, splitSeed, testFraction: 0.5 });
    for (const index of drawn) chosen[index] = (chosen[index] ?? 0) + 1;
  }
  // Expected 1200 each, standard deviation 24.5; five of those are far beyond chance.
  for (const times of chosen) expect(Math.abs(times - seeds / 2)).toBeLessThan(123);
});

test.each<[Partial<SplitConfig>, string[]]>([
  [{ trainExamples: 601 }, ['trainExamples', '601', '600']],
  [{ testExamples: 201 }, ['testExamples', '201', '200']],
  [{ testExamples: 101, testFraction: 0.5 }, ['testExamples', '101', '100']],
  [{ testFraction: 0.002 }, ['testFraction', '0.002', 'none']],
  [{ trainExamples: 4 }, ['validationFraction', '0.1', 'no validation image']],
  [{ trainExamples: 4, validationFraction: 0.9 }, ['0.9', 'no training image']],
])('%o is refused', async (change, parts) => {
  const choices = { ...config, ...change };
  await expectError(() => computeSplit(train, testLabels, choices), 'INVALID_ARGUMENT', ...parts);
});

test.each([
  [0, [2, 3, 7, 8, 13, 15, 16, 19], [1, 4], [0, 1, 2, 4]],
  [1, [0, 4, 7, 10, 11, 12, 14, 18], [1, 6], [0, 2, 5, 7]],
])('seed %i draws what it always drew, as golden/make_split.py does', (splitSeed, ...expected) => {
  // 11, 6 and 3 of three classes. Of ten of them 5.5, 3 and 1.5, so 6, 3 and 1; of two of those ten
  // 1.2, 0.6 and 0.2, so one of each of the first two.
  const labels = Uint8Array.from('01020100120010210010', Number);
  const choices = { ...config, trainExamples: 10, testFraction: 0.5, validationFraction: 0.2 };
  const split = computeSplit(labels, Uint8Array.from('01100110', Number), {
    ...choices,
    splitSeed,
  });
  expect([split.train, split.validation, split.test].map((part) => [...part])).toEqual(expected);
  const classesOf = (part: Uint32Array): number[] => [0, 1, 2].map((k) => count(part, labels, k));
  expect(classesOf(split.train)).toEqual([5, 2, 1]);
  expect(classesOf(split.validation)).toEqual([1, 1, 0]);
});
