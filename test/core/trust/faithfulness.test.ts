import { expect, it } from 'vitest';
import {
  faithfulnessPasses,
  testFaithfulness,
  type Removals,
} from '../../../src/core/trust/faithfulness.ts';
import { countPixels, removedShares } from '../../../src/core/trust/removal.ts';
import { Random } from '../../../src/core/random.ts';

const imageSize = 10;
const pixels = imageSize ** 2;
/** 15 bright pixels, of 100, in the map's order; all others are black. */
const image = Float32Array.from({ length: pixels }, (_, pixel) => (pixel < 15 ? 0.5 : 0));
const map = Float32Array.from({ length: pixels }, (_, pixel) => pixels - pixel);
const baselines = {
  black: new Float32Array(pixels),
  mean: new Float32Array(pixels).fill(0.1),
  blur: new Float32Array(pixels).fill(0.2),
};
/** What a network might say: of how much is there, and where. */
const score = (shown: Float32Array): number =>
  shown.reduce((sum, value, pixel) => sum + value * (1 + pixel), 0) / 1000;

function test(): { found: ReturnType<typeof testFaithfulness>; shown: number } {
  let shown = 0;
  const removals: Removals = {
    ...{ imageSize, channels: 1, image, baselines, random: Random.fromSeed(1) },
    imageScore: score(image),
    baselineScores: {
      black: score(baselines.black),
      mean: score(baselines.mean),
      blur: score(baselines.blur),
    },
    score: (count, fill) => {
      shown += count;
      return Array.from({ length: count }, (_, i) => {
        const target = new Float32Array(pixels).fill(Number.NaN);
        fill(target, i);
        return score(target);
      });
    },
  };
  return { found: testFaithfulness(removals, map), shown };
}

it.each(['black', 'mean', 'blur'] as const)('%s: every share is what is left of it', (name) => {
  const { curves } = test().found;
  const mix = (isTaken: (pixel: number) => boolean): number =>
    Math.fround(score(image.map((own, i) => (isTaken(i) ? (baselines[name][i] ?? 0) : own))));
  const ends = removedShares.map((share) => countPixels(share, pixels));
  expect([...curves.deletion[name]]).toEqual(ends.map((end) => mix((pixel) => pixel < end)));
  expect([...curves.insertion[name]]).toEqual(ends.map((end) => mix((pixel) => pixel >= end)));
});

it('an image that is as the one before it is not shown again', () => {
  // Of six shares the first three hold bright pixels; what comes after is black already.
  expect(test().shown).toBe(faithfulnessPasses - 2 * 3);
});
