import { countsSteps } from '../../shared/trainerEvents.ts';
import type { RunProgress } from '../stores/runs.ts';
import { formatDuration, formatInteger } from './format.ts';

/** Share of an epoch that its training takes; the rest is validation and evaluation. */
const trainingShare = 0.8;

/** Share of all epochs done, in [0,1]; null while the trainer has not said. */
export function shareDone(state: RunProgress | undefined): number | null {
  if (state === undefined) return null;
  const { epoch, epochs, step, steps } = state.progress;
  const phaseShare = steps === 0 ? 0 : step / steps;
  const within = countsSteps(state.progress)
    ? phaseShare * trainingShare
    : trainingShare + phaseShare * (1 - trainingShare);
  // Epoch 0 is the evaluation of the untrained model: it counts as nothing.
  return epoch === 0 ? 0 : Math.min(1, (epoch - 1 + within) / epochs);
}

/** What is left is the most that it can be. */
export const paceTitle = 'Time left at most: early stopping may end it before';

/**
 * How fast a trainer is and how long it will take at most, in the words of every place that says so:
 * "1,012 images/s", "26 min 29 s left". What is not known yet is left out.
 */
export function describePace(state: RunProgress | undefined): string[] {
  if (state === undefined) return [];
  const { imagesPerSecond } = state.progress;
  const speed = imagesPerSecond === 0 ? [] : [`${formatInteger(imagesPerSecond)} images/s`];
  const left = state.remainingMs === null ? [] : [`${formatDuration(state.remainingMs)} left`];
  return [...speed, ...left];
}
