/** The mean loss of `steps` steps in a row, of which `step` is the last, counted from 1 in its epoch. */
export interface StepLoss {
  step: number;
  steps: number;
  loss: number;
}

/** Points of an epoch's curve of losses at most: more than its share of a plot's width has pixels. */
const mostPoints = 120;

/**
 * An epoch's losses so far with those of later steps behind them, as means over equal stretches of
 * steps, so many that the whole epoch has at most 120.
 *
 * @param stepsInEpoch at least 1
 */
export function addStepLosses(
  before: readonly StepLoss[],
  added: readonly StepLoss[],
  stepsInEpoch: number,
): StepLoss[] {
  const width = Math.ceil(stepsInEpoch / mostPoints);
  const stretchOf = ({ step }: StepLoss): number => Math.ceil(step / width);
  const losses = [...before];
  for (const next of added) {
    const last = losses.at(-1);
    if (last === undefined || stretchOf(last) !== stretchOf(next)) losses.push(next);
    else losses[losses.length - 1] = mergeLosses(last, next);
  }
  return losses;
}

function mergeLosses(a: StepLoss, b: StepLoss): StepLoss {
  const steps = a.steps + b.steps;
  return { step: b.step, steps, loss: (a.loss * a.steps + b.loss * b.steps) / steps };
}
