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

type ScheduleConfig = RunConfig['schedule'];

/** Epochs without a better validation loss after which a schedule lowers the rate; most never do. */
export const plateauPatienceOf = (schedule: ScheduleConfig): number =>
  schedule.name === 'plateau' ? schedule.patience : Infinity;

/** The history after an epoch (from 1) with this validation loss. Only a lower loss is better. */
export function recordValidation(
  history: ValidationHistory,
  epoch: number,
  loss: number,
  plateauPatience: number,
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
  const reduce = waited >= plateauPatience;
  return {
    ...history,
    epochsSinceBest: history.epochsSinceBest + 1,
    reductions: history.reductions + (reduce ? 1 : 0),
    epochsSinceReduction: reduce ? 0 : waited,
  };
}

/** What a learning rate depends on besides its schedule. */
interface Moment {
  /** Counted from 1. */
  epoch: number;
  /** Most that the run trains. */
  epochs: number;
  reductions: number;
}

/** What each schedule makes of the learning rate. */
const rates: {
  [Name in ScheduleConfig['name']]: (
    schedule: Extract<ScheduleConfig, { name: Name }>,
    rate: number,
    moment: Moment,
  ) => number;
} = {
  constant: (_, rate) => rate,
  step: ({ epochs, factor }, rate, { epoch }) => rate * factor ** Math.floor((epoch - 1) / epochs),
  cosine: (_, rate, { epoch, epochs }) =>
    (rate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2,
  plateau: ({ factor }, rate, { reductions }) => rate * factor ** reductions,
};

/** The learning rate of an epoch, counted from 1. */
export function learningRateAt(
  epoch: number,
  { schedule, optimizer, training }: Pick<RunConfig, 'schedule' | 'optimizer' | 'training'>,
  { reductions }: Pick<ValidationHistory, 'reductions'>,
): number {
  const compute = rates[schedule.name] as (
    schedule: ScheduleConfig,
    rate: number,
    moment: Moment,
  ) => number;
  return compute(schedule, optimizer.learningRate, { epoch, epochs: training.epochs, reductions });
}
