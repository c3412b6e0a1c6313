import { countsSteps } from '../../shared/trainerEvents.ts';
import type { RunProgress } from '../stores/runs.ts';

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
