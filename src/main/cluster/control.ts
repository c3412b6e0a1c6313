import { AfterimageError } from '../../core/errors.ts';
import {
  canRetry,
  canTakeBack,
  isLive,
  type RemoteRun,
  type ResourceChanges,
  type Resources,
} from '../../shared/remoteRuns.ts';
import type { StudyRecord } from '../../core/studies/progress.ts';
import { sizeOf } from '../platform/files.ts';
import type { History } from '../store/history.ts';
import type { StoredSubmission } from '../store/submissions.ts';
import { askSchedulers, listRemote, type SchedulerAnswers } from './remoteRuns.ts';
import { findScheduler } from './schedulers.ts';
import { SubmissionFolder } from './submission.ts';
import { checkProgram, requestOf } from './submit.ts';

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

export interface Retried {
  runs: RemoteRun[];
  /** Failed ones whose task still trains others. */
  held: RemoteRun[];
}

/** What of a submission can be handed over again, with the numbers of its tasks. */
interface Due extends Retried {
  submission: StoredSubmission;
  /** Ascending. */
  tasks: number[];
}

/** @param here keys of the study's planned runs that are here in any state: one is enough of each */
async function findDue(
  submission: StoredSubmission,
  { study, answers, here }: { study: string; answers: SchedulerAnswers; here: ReadonlySet<string> },
): Promise<Due> {
  const remote = await listRemote(submission, study, answers);
  const stored = new Map(submission.runs.map((run) => [run.runId, run]));
  const taskOf = ({ runId }: RemoteRun): number => stored.get(runId)?.task ?? 0;
  const busy = new Set(remote.filter(isLive).map(taskOf));
  const isHere = ({ runId }: RemoteRun): boolean => here.has(stored.get(runId)?.key ?? '');
  const wanted = remote.filter((run) => canRetry(run) && !isHere(run));
  const [free, held] = [
    wanted.filter((run) => !busy.has(taskOf(run))),
    wanted.filter((run) => busy.has(taskOf(run))),
  ];
  const tasks = [...new Set(free.map(taskOf))].sort((a, b) => a - b);
  return { submission, tasks, runs: free, held };
}

/** NOT_FOUND where what tasks need to know is not where it was left. */
async function checkFolder({ folder }: StoredSubmission, study: string): Promise<void> {
  if ((await sizeOf(new SubmissionFolder(folder).submissionPath)) !== null) return;
  throw new AfterimageError(
    'NOT_FOUND',
    `The shared folder ${folder} of study ${study} is gone, or this machine does not see it.`,
    'Bring it back; or take its runs back with “study cancel” and submit them anew.',
  );
}

/**
 * Hands the tasks of runs that failed or were cancelled over again: those go on from where they were last
 * saved. What was taken back and then trained here stays here.
 *
 * @param changes what the tasks ask for from now on, where not as before
 */
export async function retryStudy(
  { id, study }: StudyRecord,
  changes: ResourceChanges,
  history: History,
): Promise<Retried> {
  history.requireWritable();
  const submissions = history.submissions.list(id);
  const answers = await askAll(submissions);
  const here = new Set(history.studies.listRuns(id).map(({ key }) => key));
  const given = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
  const due: Due[] = [];
  for (const one of submissions) due.push(await findDue(one, { study: study.name, answers, here }));
  const again = due.filter(({ tasks }) => tasks.length > 0);
  if (again.length > 0) checkProgram();
  for (const { submission } of again) await checkFolder(submission, study.name);
  for (const { submission, tasks, runs } of again) {
    const resources: Resources = { ...submission.resources, ...given };
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
  }
  return { runs: again.flatMap(({ runs }) => runs), held: due.flatMap(({ held }) => held) };
}

/**
 * Takes back what waits, trains or failed, and what others have cancelled: it may be trained elsewhere, or
 * handed over again, which goes on from what was saved of it.
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
    const wanted = remote.filter(canTakeBack);
    if (wanted.some(isLive)) {
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
