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

it('packs runs onto trainers in order', () => {
  expect(estimateMakespanMs([5, 3, 4, 1], 2)).toBe(7);
  expect(estimateMakespanMs([5, 3], 1)).toBe(8);
  expect(estimateMakespanMs([5, 3], 4)).toBe(5);
});
