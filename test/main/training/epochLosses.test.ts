import { expect, it } from 'vitest';
import { EpochLosses } from '../../../src/main/training/epochLosses.ts';
import type { TrainerProgress } from '../../../src/shared/trainerEvents.ts';

const progressOf = (change: Partial<TrainerProgress>): TrainerProgress => ({
  ...{ phase: 'training', epoch: 1, epochs: 3, step: 1, steps: 4 },
  ...{ loss: 1, terms: {}, accuracy: 0.5, imagesPerSecond: 100 },
  ...change,
});
const lossOf = (step: number, loss: number) => ({ step, steps: 1, loss });

it('tells the curve of an epoch so far once a second, and with its last step', () => {
  const losses = new EpochLosses();
  expect(losses.add(progressOf({}), [lossOf(1, 8)], 0)).toEqual({ steps: [1], losses: [8] });
  expect(losses.add(progressOf({ step: 2 }), [lossOf(2, 6)], 999)).toBeUndefined();
  expect(losses.add(progressOf({ step: 3 }), [lossOf(3, 5)], 1000)).toEqual({
    ...{ steps: [1, 2, 3], losses: [8, 6, 5] },
  });
  expect(losses.add(progressOf({ step: 4 }), [lossOf(4, 3)], 1001)).toEqual({
    ...{ steps: [1, 2, 3, 4], losses: [8, 6, 5, 3] },
  });
  expect(losses.add(progressOf({ epoch: 2 }), [lossOf(1, 2)], 2000)).toBeUndefined();
  expect(losses.add(progressOf({ epoch: 2, step: 2 }), [lossOf(2, 1)], 2001)).toEqual({
    ...{ steps: [1, 2], losses: [2, 1] },
  });
});

it('begins anew with each epoch, and tells nothing while no step is trained', () => {
  const losses = new EpochLosses();
  losses.add(progressOf({ step: 4 }), [lossOf(4, 3)], 0);
  const evaluating = progressOf({ phase: 'evaluation', epoch: 2, step: 4 });
  expect(losses.add(evaluating, [lossOf(4, 9)], 5000)).toBeUndefined();
  expect(losses.add(progressOf({ epoch: 2 }), [lossOf(1, 2)], 6000)).toEqual({
    ...{ steps: [1], losses: [2] },
  });
});

it('keeps means of equal stretches where an epoch has more steps than a plot has pixels', () => {
  const steps = Array.from({ length: 240 }, (_, i) => lossOf(i + 1, i));
  const told = new EpochLosses().add(progressOf({ step: 240, steps: 240 }), steps, 0);
  expect(told?.steps).toEqual(Array.from({ length: 120 }, (_, i) => 2 * i + 2));
  expect(told?.losses.slice(0, 2)).toEqual([0.5, 2.5]);
});
