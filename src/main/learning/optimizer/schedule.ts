import type { RunConfig } from '../../../core/config/runConfig.ts';

/** What the plateau schedule and early stopping remember between epochs. */
export interface ValidationHistory {
  /** Lowest validation loss so far (null: none yet), the epoch that had it, and the epochs since. */
  best: number | null;
  bestEpoch: number;
  epochsSinceBest: number;
  /** Times that the plateau schedule has cut the learning rate, and epochs since it last could. */
  reductions: number;
  epochsSinceReduction: number;
}

export const noHistory: ValidationHistory = {
  best: null,
  bestEpoch: 0,
  epochsSinceBest: 0,
  reductions: 0,
  epochsSinceReduction: 0,
};

type ScheduleConfig = Pick<
  RunConfig,
  'schedule' | 'scheduleEpochs' | 'scheduleFactor' | 'learningRate' | 'epochs'
>;

/** The history after an epoch (from 1) with this validation loss. Only a lower loss is better. */
export function recordValidation(
  history: ValidationHistory,
  epoch: number,
  loss: number,
  { scheduleEpochs }: Pick<ScheduleConfig, 'scheduleEpochs'>,
): ValidationHistory {
  if (history.best === null || loss < history.best) {
    return {
      ...history,
      best: loss,
      bestEpoch: epoch,
      epochsSinceBest: 0,
      epochsSinceReduction: 0,
    };
  }
  const waited = history.epochsSinceReduction + 1;
  const reduce = waited >= scheduleEpochs;
  return {
    ...history,
    epochsSinceBest: history.epochsSinceBest + 1,
    reductions: history.reductions + (reduce ? 1 : 0),
    epochsSinceReduction: reduce ? 0 : waited,
  };
}

/** The learning rate of an epoch, counted from 1. */
export function learningRateAt(
  epoch: number,
  { schedule, scheduleEpochs, scheduleFactor, learningRate, epochs }: ScheduleConfig,
  { reductions }: Pick<ValidationHistory, 'reductions'>,
): number {
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * scheduleFactor ** Math.floor((epoch - 1) / scheduleEpochs);
    case 'cosine':
      return (learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2;
    case 'plateau':
      return learningRate * scheduleFactor ** reductions;
  }
}
