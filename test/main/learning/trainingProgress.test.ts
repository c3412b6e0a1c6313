import { describe, expect, it } from 'vitest';
import {
  addTerms,
  batchesAhead,
  beginTraining,
  endEpoch,
  endSteps,
  meansOf,
  noSums,
  orderImages,
  type TrainingProgress,
} from '../../../src/main/learning/trainingProgress.ts';
import { Random } from '../../../src/core/random.ts';

const images = Uint32Array.from({ length: 10 }, (_, i) => 100 + i);
/** Epochs that a plateau waits. */
const plateauPatience = 5;
const begun = (): TrainingProgress => orderImages(beginTraining(Random.fromSeed(3)), images);

describe('the order of images', () => {
  it('is another in each epoch, of the same images, and stays within one', () => {
    const first = begun();
    expect([...first.permutation].sort()).toEqual([...images]);
    expect(first.permutation).not.toEqual(images);
    const underWay = { ...first, step: 1 };
    expect(orderImages(underWay, images)).toBe(underWay);
    const second = orderImages(endEpoch(first, 1, plateauPatience), images);
    expect([...second.permutation].sort()).toEqual([...images]);
    expect(second.permutation).not.toEqual(first.permutation);
  });
});

describe('a step', () => {
  const sizesOf = (step: number, most: number): number[] =>
    batchesAhead({ ...begun(), step }, 4, most).map(({ length }) => length);

  it('takes the images from where the last one ended, and in the last one those that are left', () => {
    const progress = begun();
    const batches = [0, 1, 2].flatMap((step) => batchesAhead({ ...progress, step }, 4, 1));
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(batches.flatMap((batch) => [...batch])).toEqual([...progress.permutation]);
  });

  it('comes with others of as many images, up to so many', () => {
    expect(sizesOf(0, 9)).toEqual([4, 4]);
    expect(sizesOf(1, 9)).toEqual([4]);
    expect(sizesOf(2, 9)).toEqual([2]);
    expect(sizesOf(3, 9)).toEqual([]);
    expect(sizesOf(0, 1)).toEqual([4]);
  });

  it('adds to the epoch: losses by images, counts as they are, time and the step’s own', () => {
    const before = begun();
    const terms = { loss: 2, nanBatch: 1, correct: 3, terms: { crossEntropy: 1.5 } };
    const once = endSteps(before, { rows: [terms], images: 4, ms: 10 });
    const second = { loss: 5, nanBatch: 0, correct: 1, terms: { crossEntropy: 3 } };
    const twice = endSteps(once, { rows: [second], images: 2, ms: 2.5 });
    expect(twice).toEqual({
      ...before,
      step: 2,
      optimizerSteps: 2,
      // 4 x 2 + 2 x 5, and 4 x 1.5 + 2 x 3.
      sums: { images: 6, loss: 18, terms: { crossEntropy: 12 }, nanBatches: 1, correct: 4 },
      elapsedMs: 12.5,
    });
    expect(meansOf(twice.sums)).toEqual({
      loss: 3,
      terms: { crossEntropy: 2 },
      accuracy: 4 / 6,
    });
  });
});

describe('an epoch’s end', () => {
  const sums = addTerms(noSums, { loss: 1, nanBatch: 0, correct: 1, terms: {} }, 2);
  const under = { ...begun(), epoch: 3, step: 3, optimizerSteps: 9, sums, elapsedMs: 70 };

  it('begins the next one anew but for what is remembered', () => {
    const next = endEpoch(under, 0.5, plateauPatience);
    expect(next).toEqual({
      ...under,
      epoch: 4,
      step: 0,
      sums: noSums,
      elapsedMs: 0,
      permutation: new Uint32Array(0),
      history: {
        best: 0.5,
        bestEpoch: 3,
        epochsSinceBest: 0,
        reductions: 0,
        epochsSinceReduction: 0,
      },
    });
  });

  it('does not count the untrained network, which may be better than what follows', () => {
    const untrained = beginTraining(Random.fromSeed(3));
    const next = endEpoch(untrained, 0.1, plateauPatience);
    expect(next.epoch).toBe(1);
    expect(next.history).toEqual(untrained.history);
    expect(endEpoch(next, 0.2, plateauPatience).history).toMatchObject({ best: 0.2, bestEpoch: 1 });
  });
});
