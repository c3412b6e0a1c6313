import { expect, it } from 'vitest';
import { estimateMakespanMs, estimateRemainingMs } from '../../../src/main/training/estimate.ts';
import type { EpochMetrics } from '../../../src/core/records.ts';
import type { TrainerProgress } from '../../../src/shared/trainerEvents.ts';

const progress: TrainerProgress = {
  phase: 'training',
  epoch: 2,
  epochs: 4,
  step: 25,
  steps: 100,
  loss: 1,
  terms: { crossEntropy: 1 },
  accuracy: 0.5,
  imagesPerSecond: 100,
};
const took = (epoch: number, durationMs: number, evaluationMs: number): EpochMetrics =>
  ({ epoch, durationMs, evaluationMs }) as EpochMetrics;

it('goes by the epochs that are done', () => {
  const epochs = [took(0, 9000, 9000), took(1, 10_000, 2000)];
  // Two whole epochs, three quarters of the training and the evaluation of this one.
  expect(estimateRemainingMs(progress, epochs, 10)).toBe(20_000 + 0.75 * 8000 + 2000);
  const compiling = { ...progress, phase: 'compilation', step: 0 } as const;
  expect(estimateRemainingMs(compiling, epochs, 10)).toBe(20_000 + 8000 + 2000);
  const evaluating = { ...progress, phase: 'evaluation', step: 50 } as const;
  expect(estimateRemainingMs(evaluating, epochs, 10)).toBe(20_000 + 1000);
});

it('goes by the speed before one is done, and knows nothing before that', () => {
  const first = { ...progress, epoch: 1, step: 0 };
  // 1,000 images at 100 a second, and what evaluation adds, four times.
  expect(estimateRemainingMs(first, [], 10)).toBeCloseTo((4 * 10_000) / 0.88, 6);
  expect(estimateRemainingMs({ ...first, imagesPerSecond: 0 }, [], 10)).toBeNull();
});

it('goes by the mean of the epochs that are done', () => {
  const epochs = [took(0, 9000, 9000), took(1, 10_000, 2000), took(2, 20_000, 4000)];
  const third = { ...progress, epoch: 3, step: 50 };
  // An epoch of 15 s, half of the training and the evaluation of this one.
  expect(estimateRemainingMs(third, epochs, 10)).toBe(15_000 + 0.5 * 12_000 + 3000);
});

it('goes by the speed within the first epoch and before it, however slow', () => {
  const slow = { ...progress, epoch: 1, step: 50, imagesPerSecond: 1 };
  const epochMs = 1e6 / 0.88;
  expect(estimateRemainingMs(slow, [], 10)).toBeCloseTo(3.5 * epochMs + 0.06 * epochMs, 6);
  // Nothing is left of epoch 0 but the look at the untrained network, which takes no time to speak of.
  const untrained = { ...slow, epoch: 0, phase: 'evaluation' } as const;
  expect(estimateRemainingMs(untrained, [took(0, 9, 9)], 10)).toBeCloseTo(4 * epochMs, 6);
});

it('packs runs onto trainers in order', () => {
  expect(estimateMakespanMs([5, 3, 4, 1], 2)).toBe(7);
  expect(estimateMakespanMs([5, 3], 1)).toBe(8);
  expect(estimateMakespanMs([5, 3], 4)).toBe(5);
});
