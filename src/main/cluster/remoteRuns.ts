import { AfterimageError } from '../../core/errors.ts';
import { judgeRemote, type RemoteRun, type TaskState } from '../../shared/remoteRuns.ts';
import { readTail } from '../platform/files.ts';
import type { StoredJob, StoredRemoteRun, StoredSubmission } from '../store/submissions.ts';
import { findScheduler } from './schedulers.ts';
import { SubmissionFolder } from './submission.ts';

/** Lines of a task's output that are shown where it failed. */
const logLines = 20;
const logBytes = 8000;

/** What the schedulers say of submissions, by submission; of one that could not be asked there is none. */
export interface SchedulerAnswers {
  states: ReadonlyMap<string, readonly TaskState[]>;
  /** Why a scheduler could not be asked; null where all answered. */
  problem: AfterimageError | null;
}

/** Nobody was asked: what tasks wrote is all there is. */
export const nobodyAsked: SchedulerAnswers = { states: new Map(), problem: null };

/** Asks the schedulers; one that does not answer is no reason to tell nothing. */
export async function askSchedulers(
  submissions: readonly StoredSubmission[],
): Promise<SchedulerAnswers> {
  const states = new Map<string, readonly TaskState[]>();
  let problem: AfterimageError | null = null;
  for (const { id, scheduler, jobs } of submissions) {
    try {
      states.set(id, await findScheduler(scheduler).list(jobs));
    } catch (error) {
      if (!(error instanceof AfterimageError)) throw error;
      problem = error;
      break;
    }
  }
  return { states, problem };
}

/** The job that a task is a part of: the last one. */
export const jobOf = ({ jobs }: Pick<StoredSubmission, 'jobs'>, task: number): StoredJob | null =>
  jobs.findLast(({ tasks }) => tasks.includes(task)) ?? null;

/** Last lines that a task printed; none where there is nothing to read. */
async function readLog(
  { folder, scheduler }: StoredSubmission,
  job: StoredJob | null,
  task: number,
): Promise<string[]> {
  if (job === null) return [];
  const text = await readTail(findScheduler(scheduler).logPath(folder, job, task), logBytes);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-logLines);
}

async function readRemote(
  run: StoredRemoteRun,
  submission: StoredSubmission,
  study: string,
  states: readonly TaskState[] | undefined,
): Promise<RemoteRun> {
  const { runId, name, seed, task, collectedAt } = run;
  const folder = new SubmissionFolder(submission.folder);
  const job = jobOf(submission, task);
  const state = states?.find((one) => one.task === task && one.job === job?.id) ?? null;
  const isCollected = collectedAt !== null;
  const report = isCollected ? null : await folder.readReport(runId);
  const printed = state?.phase === 'ended' ? await readLog(submission, job, task) : [];
  const judged = judgeRemote({
    ...{ report, task: state, isCollected, folder: submission.folder },
    isSchedulerKnown: states !== undefined,
    hasResult: !isCollected && (await folder.hasResult(runId)),
    isCancelled: run.isCancelled,
    lastWords: printed.at(-1) ?? '',
  });
  const hasFailed = judged.state === 'failed';
  const own = report?.error?.log ?? [];
  const isLive = judged.state === 'running' || judged.state === 'saved';
  return {
    ...{ runId, name, studyId: submission.studyId, study, seed, ...judged },
    isTakenBack: run.isCancelled,
    task: job === null ? '' : `${job.id}_${task - job.offset}`,
    node: state?.node || (report?.node ?? ''),
    progress: isLive || hasFailed ? (report?.progress ?? null) : null,
    remainingMs: judged.state === 'running' ? (report?.remainingMs ?? null) : null,
    at: report?.at ?? null,
    log: !hasFailed ? [] : own.length > 0 ? own.slice(-logLines) : printed,
  };
}

/**
 * The runs of a submission as they are: what their tasks wrote, joined with what the scheduler says.
 *
 * @param study what it is called
 */
export async function listRemote(
  submission: StoredSubmission,
  study: string,
  { states }: SchedulerAnswers,
): Promise<RemoteRun[]> {
  const known = states.get(submission.id);
  const runs: RemoteRun[] = [];
  for (const run of submission.runs) runs.push(await readRemote(run, submission, study, known));
  return runs;
}
