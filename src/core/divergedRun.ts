import type { RunConfig } from './config/runConfig.ts';
import type { Run, RunError } from './records.ts';

/** Whether its numbers ceased to be finite, which they would again from the same checkpoint. */
export const hasDiverged = ({
  status,
  error,
}: Pick<Run, 'status'> & { error: Pick<RunError, 'code'> | null }): boolean =>
  status === 'failed' && error?.code === 'NOT_FINITE';

/** By how much the learning rate of a run that diverged is lowered for another attempt. */
const lowering = 10;

/** The learning rate that is suggested for another attempt; null where the run did not diverge. */
export const suggestLearningRate = (
  run: Pick<Run, 'status' | 'error'> & { config: Pick<RunConfig, 'optimizer'> },
): number | null =>
  hasDiverged(run) ? Number((run.config.optimizer.learningRate / lowering).toPrecision(6)) : null;
