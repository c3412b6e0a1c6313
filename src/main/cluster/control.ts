import type { AfterimageError } from '../../core/errors.ts';
import type { RemoteRun } from '../../shared/remoteRuns.ts';
import type { StudyRecord } from '../../core/studies/progress.ts';
import type { History } from '../store/history.ts';
import type { StoredSubmission } from '../store/submissions.ts';
import { askSchedulers, listRemote, type SchedulerAnswers } from './remoteRuns.ts';
import type { Resources } from './scheduler.ts';
import { findScheduler } from './schedulers.ts';
import { requestOf } from './submit.ts';

/** A study's runs on clusters, in the order in which they were handed over. */
export interface RemoteStatus {
  runs: RemoteRun[];
  /** Why a scheduler could not be asked; then `runs` says what their tasks wrote last. */
  problem: AfterimageError | null;
}

export async function remoteStatus(
  { id, study }: StudyRecord,
  history: History,
): Promise<RemoteStatus> {
  const submissions = history.submissions.list(id);
  const answers = await askSchedulers(submissions);
  const runs: RemoteRun[] = [];
  for (const one of submissions) runs.push(...(await listRemote(one, study.name, answers)));
  return { runs, problem: answers.problem };
}

/** Asks, where nothing can be done without an answer. */
async function askAll(submissions: readonly StoredSubmission[]): Promise<SchedulerAnswers> {
  const answers = await askSchedulers(submissions);
  if (answers.problem !== null) throw answers.problem;
  return answers;
}

const live: ReadonlySet<RemoteRun['state']> = new Set(['waiting', 'starting', 'running', 'saved']);

/** The tasks with runs in these states, by number; `others` are runs of the same tasks that still go on. */
function tasksWith(
  { runs: stored }: StoredSubmission,
  runs: readonly RemoteRun[],
  states: ReadonlySet<RemoteRun['state']>,
): { tasks: number[]; runs: RemoteRun[]; held: RemoteRun[] } {
  const taskOf = new Map(stored.map(({ runId, task }) => [runId, task]));
  const busy = new Set(
    runs.filter(({ state }) => live.has(state)).map(({ runId }) => taskOf.get(runId)),
  );
  const wanted = runs.filter(({ state }) => states.has(state));
  const free = wanted.filter(({ runId }) => !busy.has(taskOf.get(runId)));
  const tasks = new Set(free.map(({ runId }) => taskOf.get(runId) ?? 0));
  return {
    tasks: [...tasks].sort((a, b) => a - b),
    runs: free,
    held: wanted.filter((run) => !free.includes(run)),
  };
}

const again: ReadonlySet<RemoteRun['state']> = new Set(['failed', 'cancelled']);

export interface Retried {
  runs: RemoteRun[];
  /** Failed ones whose task still trains others. */
  held: RemoteRun[];
}

/**
 * Hands the tasks of runs that failed or were cancelled over again: those go on from where they were last
 * saved.
 *
 * @param changes what the tasks ask for from now on, where not as before
 */
export async function retryStudy(
  { id, study }: StudyRecord,
  changes: Partial<Resources>,
  history: History,
): Promise<Retried> {
  history.requireWritable();
  const submissions = history.submissions.list(id);
  const answers = await askAll(submissions);
  const retried: Retried = { runs: [], held: [] };
  for (const submission of submissions) {
    const remote = await listRemote(submission, study.name, answers);
    const { tasks, runs, held } = tasksWith(submission, remote, again);
    retried.held.push(...held);
    if (tasks.length === 0) continue;
    const resources = { ...submission.resources, ...changes };
    const scheduler = findScheduler(submission.scheduler);
    const jobs = await scheduler.submit(requestOf({ ...submission, resources }, tasks));
    history.submissions.setRequest(submission.id, {
      ...{ resources, setup: submission.setup },
      jobs: [...submission.jobs, ...jobs],
    });
    history.submissions.setCancelled(
      runs.map(({ runId }) => runId),
      false,
    );
    retried.runs.push(...runs);
  }
  return retried;
}

/**
 * Takes back what waits, trains or failed: it may be trained elsewhere, or handed over again, which goes on
 * from what was saved of it.
 *
 * @returns the runs that were
 */
export async function cancelStudy(
  { id, study }: StudyRecord,
  history: History,
): Promise<RemoteRun[]> {
  history.requireWritable();
  const submissions = history.submissions.list(id);
  const answers = await askAll(submissions);
  const cancelled: RemoteRun[] = [];
  for (const submission of submissions) {
    const remote = await listRemote(submission, study.name, answers);
    const wanted = remote.filter(({ state }) => live.has(state) || state === 'failed');
    if (wanted.some(({ state }) => live.has(state))) {
      await findScheduler(submission.scheduler).cancel(submission.jobs);
    }
    history.submissions.setCancelled(
      wanted.map(({ runId }) => runId),
      true,
    );
    cancelled.push(...wanted);
  }
  return cancelled;
}
