import { AfterimageError, type ErrorCode } from './errors.ts';
import { hasDiverged } from './divergedRun.ts';
import type { Run, RunStatus } from './records.ts';

type Facts = Pick<Run, 'name' | 'status'> & {
  error: Pick<NonNullable<Run['error']>, 'code' | 'message'> | null;
};

const resume = 'Resume it, or train it anew';

/** What a run without an epoch waits for, and what can be done about it. */
const prospects: Record<RunStatus, string> = {
  queued: 'It is queued: it begins when those before it have ended.',
  running: 'It is in its first epoch, which is stored when it has been evaluated.',
  paused: `It is paused. ${resume}.`,
  interrupted: `It was interrupted. ${resume}.`,
  failed: `It failed. ${resume} once the cause is mended.`,
  stopped: 'It was stopped and goes on no more. Train it anew.',
  completed: 'It has ended without one. Train it anew.',
};

/** In one line; a failed run's cause in its middle. */
export function describeProspect({ status, error }: Omit<Facts, 'name'>): string {
  if (status !== 'failed' || error === null) return prospects[status];
  const remedy = hasDiverged({ status, error })
    ? 'Train it anew with a lower learning rate.'
    : `${resume} once the cause is mended.`;
  return `It failed: ${error.message.replace(/[.\s]*$/u, '.')} ${remedy}`;
}

/** For a run that has stored no epoch yet where one is needed. */
export const noEpochYet = (run: Facts, code: ErrorCode = 'NOT_FOUND'): AfterimageError =>
  new AfterimageError(code, `Run ${run.name} has no stored epoch yet.`, describeProspect(run));
