import { expect, it } from 'vitest';
import { foldColumns, foldValues } from '../../../src/core/statistics/foldSeeds.ts';
import { describeRepeats, oneOfEachSeed } from '../../../src/core/statistics/repeatedSeeds.ts';

it('folds a quantity over seeds, by hand', () => {
  // 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, SD √7; t(0.975, 2) = 4.302653, times √7 / √3.
  const folded = foldValues([1, null, 2, 6]);
  expect(folded).toEqual({
    mean: 3,
    deviation: expect.closeTo(Math.sqrt(7), 12) as number,
    interval: expect.closeTo(4.302653 * Math.sqrt(7 / 3), 5) as number,
    n: 3,
  });
  expect(foldValues([4])).toEqual({ mean: 4, deviation: null, interval: null, n: 1 });
  expect(foldValues([null])).toBeNull();
});

it('folds columns only as far as all of them go', () => {
  const folded = foldColumns([
    [1, 2, 3, 4],
    [3, null, 5],
  ]);
  expect(folded.map((row) => row && [row.mean, row.n])).toEqual([[2, 2], null, [4, 2]]);
  expect(foldColumns([])).toEqual([]);
});

it('counts a seed once that was trained twice to the same numbers, and not at all where they differ', () => {
  const run = (seed: number, ...losses: number[]) => ({ seed, losses });
  const lossesOf = ({ losses }: { losses: number[] }) => losses;
  const same = [run(1, 0.5, 0.25), run(2, 0.5), run(1, 0.5, 0.25)];
  expect(oneOfEachSeed(same, lossesOf).map(({ seed }) => seed)).toEqual([1, 2]);
  expect(describeRepeats(same, lossesOf)).toEqual({
    words: 'Runs of seed 1 have the same numbers: counted once.',
    agree: true,
  });
  const other = [run(1, 0.5), run(2, 0.5), run(1, 0.75)];
  expect(oneOfEachSeed(other, lossesOf)).toEqual([]);
  expect(describeRepeats(other, lossesOf)?.agree).toBe(false);
  expect(describeRepeats([run(1), run(2)], lossesOf)).toBeNull();
});
