import { countsSteps } from '../../../shared/trainerEvents.ts';
import type { RunProgress } from '../../stores/runs.ts';
import type { Curve } from './curves.ts';

/** The losses of an epoch's steps where the epoch goes on, from the end of the one before to its own; none without. */
export function curveOfSteps(state: RunProgress | undefined): Curve[] {
  if (state?.stepLosses === undefined) return [];
  const { progress, stepLosses } = state;
  const { epoch } = progress;
  // Behind the steps come batches of another kind, which `steps` then counts.
  const inEpoch = countsSteps(progress) ? progress.steps : stepLosses.steps.at(-1);
  return [
    {
      id: 'steps',
      label: `Epoch ${epoch} by step`,
      token: '--series-6',
      dashed: false,
      isFine: true,
      untrained: 0,
      x: stepLosses.steps.map((step) => epoch - 1 + step / (inEpoch ?? 1)),
      y: stepLosses.losses,
    },
  ];
}
