import { hasDiverged } from '../../core/divergedRun.ts';
import type { EpochMetrics, Run, RunSummary } from '../../core/records.ts';

/** `epochs` with `metrics` in place of the same epoch or added in order; a new array. */
export function withEpoch(epochs: readonly EpochMetrics[], metrics: EpochMetrics): EpochMetrics[] {
  const others = epochs.filter(({ epoch }) => epoch !== metrics.epoch);
  const after = others.findIndex(({ epoch }) => epoch > metrics.epoch);
  return others.toSpliced(after === -1 ? others.length : after, 0, metrics);
}

/** A full run with what a newer summary says of it; its epochs stay. */
export function withSummary(run: Run, summary: RunSummary): Run {
  const fields: Partial<RunSummary> = { ...summary };
  delete fields.best;
  delete fields.last;
  delete fields.validationLosses;
  delete fields.trainingMs;
  return { ...run, ...fields };
}

/** Whether the run has a trainer now or waits for one. */
export const isActive = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'running' || status === 'queued';

/** Whether `resume` can go on with the run from where it is, to another end. */
export const isResumable = (run: Pick<Run, 'status' | 'error'>): boolean =>
  ['paused', 'interrupted', 'failed', 'queued'].includes(run.status) && !hasDiverged(run);
