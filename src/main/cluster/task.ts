import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AfterimageError, invalidArgument } from '../../core/errors.ts';
import type { RunError, RunStatus } from '../../core/records.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { RunReport } from '../../shared/remoteRuns.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { EventLog } from '../eventLog.ts';
import { toReadError } from '../platform/errors.ts';
import { publishCopy } from '../platform/files.ts';
import { readVerified } from '../platform/hashes.ts';
import type { History } from '../store/history.ts';
import { followRuns } from '../training/followRuns.ts';
import { toRunError } from '../training/supervisor.ts';
import type { Training } from '../training/training.ts';
import type { OwnTask } from './scheduler.ts';
import {
  divideRuns,
  type PlannedTaskRun,
  type Submission,
  type SubmissionFolder,
} from './submission.ts';

export interface TaskParts {
  /** Of a workbench on a data folder that is the task's own. */
  workbench: { history: History; library: DatasetLibrary; training: Training; events: EventLog };
  dataDir: string;
  folder: SubmissionFolder;
  submission: Submission;
  /** The task's number. */
  task: number;
  own: OwnTask;
  /** Makes ready what runs need besides their images; what it throws is told of each of them. */
  prepare: () => Promise<void>;
  /** Aborting has the runs stop where they are, and their bundles saved. */
  stopping: AbortSignal;
}

/** How a task ended: all its runs completed, some were stopped before their end, or some failed. */
export type TaskEnd = 'completed' | 'saved' | 'failed';

/** How often a task says how far its runs are, ms. */
const reportIntervalMs = 2000;
/** How often it puts what they have so far onto the shared folder, in case that its machine fails, ms. */
const saveIntervalMs = 5 * 60_000;

/** A run that is still to be trained, and what an earlier try said of it. */
interface DueRun {
  run: PlannedTaskRun;
  report: RunReport | null;
}

/** The runs of a task that are still to be trained. */
async function listDue({ folder, submission, task, own }: TaskParts): Promise<DueRun[]> {
  const runs = divideRuns(submission)[task];
  if (runs === undefined) {
    throw invalidArgument(
      `Submission ${submission.id} has no task ${task}.`,
      `It has tasks 0 to ${divideRuns(submission).length - 1}.`,
    );
  }
  const due: DueRun[] = [];
  for (const run of runs) {
    if (await folder.hasResult(run.id)) continue;
    const report = await folder.readReport(run.id);
    // One that failed is tried again when somebody asks for it, not because the others were put back.
    const isGivenUp = report?.state === 'failed' && report.job === own.job && own.restarts > 0;
    if (!isGivenUp) due.push({ run, report });
  }
  return due;
}

/** Brings the data sets of the submission into the task's library, each checked against its SHA-256. */
async function bringDatasets({ submission, workbench }: TaskParts): Promise<void> {
  for (const { record, path } of submission.datasets) {
    const file = await readVerified(path, record.id).catch((error: unknown) => {
      throw toReadError(error, path);
    });
    if (file === null) {
      throw new AfterimageError(
        'CORRUPT_INPUT',
        `${path} is not data set ${record.name} as it was submitted.`,
        'Remove the file and submit the study again, which copies it anew.',
      );
    }
    await workbench.library.adopt(record, file);
  }
}

/** What a task says of each of its runs, on the shared folder. */
class Reports {
  readonly #parts: TaskParts;
  readonly #latest = new Map<string, RunReport>();
  readonly #toldAt = new Map<string, number>();

  constructor(parts: TaskParts, due: readonly DueRun[]) {
    this.#parts = parts;
    for (const { run, report } of due) if (report !== null) this.#latest.set(run.id, report);
  }

  write(runId: string, change: Partial<RunReport>): void {
    const { folder, own } = this.#parts;
    const before = this.#latest.get(runId);
    const report: RunReport = {
      ...{ runId, state: 'starting', progress: null, remainingMs: null },
      ...before,
      ...{
        job: own.job,
        node: own.node,
        restarts: own.restarts,
        at: new Date().toISOString(),
        error: null,
      },
      ...change,
    };
    this.#latest.set(runId, report);
    this.#toldAt.set(runId, performance.now());
    folder.writeReport(report);
  }

  /** The same now and then: nobody misses what it leaves out. */
  writeProgress({
    runId,
    progress,
    remainingMs,
  }: Extract<WorkbenchEvent, { type: 'progress' }>): void {
    const before = this.#latest.get(runId);
    const isFirst = before?.state !== 'running';
    const since = performance.now() - (this.#toldAt.get(runId) ?? -Infinity);
    if (!isFirst && since < reportIntervalMs) {
      this.#latest.set(runId, { ...before, progress, remainingMs });
      return;
    }
    try {
      this.write(runId, { state: 'running', progress, remainingMs });
    } catch {
      // The shared folder may come back; how a run ends is told, or ends the task.
    }
  }
}

/** Has bundles of runs written, one after the other: on the task's disk, then copied to the shared one. */
class Bundles {
  readonly #parts: TaskParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  save(runId: string, target: string): Promise<void> {
    const saving = this.#last.then(async () => {
      const { workbench, dataDir } = this.#parts;
      const path = join(dataDir, 'leaving.afterimage');
      await workbench.history.exportBundle([runId], path);
      await publishCopy(path, target);
    });
    this.#last = saving.catch(() => undefined);
    return saving;
  }
}

/** Stores a run as it was when it was last saved, or else as it was planned. @returns what has it train */
async function bring(
  { id, ...newRun }: PlannedTaskRun,
  { workbench, folder, submission }: TaskParts,
): Promise<() => void> {
  const { history, training } = workbench;
  if (await folder.hasState(id)) {
    await history.importBundle(folder.statePath(id));
    return () => {
      training.resume(id);
    };
  }
  history.runs.insert(newRun, submission.engine, id);
  return () => {
    training.submit([id]);
  };
}

/** The runs of a task on their way to their ends, each of which is left on the shared folder. */
class TaskRuns {
  readonly #parts: TaskParts;
  readonly #reports: Reports;
  readonly #bundles: Bundles;
  readonly #endings = new Map<string, Promise<TaskEnd>>();
  readonly #running = new Set<string>();

  constructor(parts: TaskParts, reports: Reports) {
    this.#parts = parts;
    this.#reports = reports;
    this.#bundles = new Bundles(parts);
  }

  see(event: WorkbenchEvent): void {
    if (event.type === 'progress') this.#reports.writeProgress(event);
    if (event.type !== 'run') return;
    const { id, status, error } = event.run;
    this.#running[status === 'running' ? 'add' : 'delete'](id);
    const isOver = status !== 'running' && status !== 'queued';
    if (isOver && !this.#endings.has(id)) this.#endings.set(id, this.#leave(id, status, error));
  }

  /** A run that could not even begin. */
  fail(runId: string, cause: unknown): void {
    this.#reports.write(runId, { state: 'failed', error: toRunError(cause, []) });
    this.#endings.set(runId, Promise.resolve('failed'));
  }

  /** Puts what is known of runs that train onto the shared folder. */
  saveRunning(): void {
    for (const id of this.#running) {
      this.#bundles.save(id, this.#parts.folder.statePath(id)).catch((error: unknown) => {
        console.error(`Run ${id} could not be saved:`, error);
      });
    }
  }

  /** How each run ended; `saved` for one that never began. */
  async endings(runIds: readonly string[]): Promise<TaskEnd[]> {
    return Promise.all(
      runIds.map((id) => this.#endings.get(id) ?? Promise.resolve<TaskEnd>('saved')),
    );
  }

  /** Leaves the bundle first: who reads how a run ended finds it. */
  async #leave(runId: string, status: RunStatus, error: RunError | null): Promise<TaskEnd> {
    const { folder } = this.#parts;
    const isCompleted = status === 'completed';
    try {
      await this.#bundles.save(
        runId,
        isCompleted ? folder.resultPath(runId) : folder.statePath(runId),
      );
      const state = isCompleted ? 'completed' : error === null ? 'saved' : 'failed';
      this.#reports.write(runId, { state, error });
      if (isCompleted) await rm(folder.statePath(runId), { force: true });
      return state;
    } catch (cause) {
      console.error(`What run ${runId} has could not be left on the shared folder:`, cause);
      return 'failed';
    }
  }
}

/** Trains the runs that are due to their ends, or until they shall stop. */
async function train(
  due: readonly PlannedTaskRun[],
  parts: TaskParts,
  reports: Reports,
): Promise<TaskEnd[]> {
  const { workbench, stopping } = parts;
  const runs = new TaskRuns(parts, reports);
  const begins: (() => void)[] = [];
  for (const run of due) {
    await bring(run, parts).then(
      (begin) => begins.push(begin),
      (error: unknown) => {
        runs.fail(run.id, error);
      },
    );
  }
  const stop = (): void => void workbench.training.pauseAll();
  const saving = setInterval(() => {
    runs.saveRunning();
  }, saveIntervalMs);
  try {
    if (!stopping.aborted) {
      stopping.addEventListener('abort', stop);
      await followRuns(
        workbench,
        (event) => {
          runs.see(event);
        },
        () => {
          for (const begin of begins) begin();
        },
      );
    }
    return await runs.endings(due.map(({ id }) => id));
  } finally {
    clearInterval(saving);
    stopping.removeEventListener('abort', stop);
  }
}

/**
 * Trains the runs of a task that have not completed yet, from where an earlier try left them, and leaves
 * the bundle of each on the shared folder, with a report that says how far it is. What keeps the task
 * from beginning is told in the report of each of its runs, and thrown.
 */
export async function runTask(parts: TaskParts): Promise<TaskEnd> {
  const due = await listDue(parts);
  const runs = due.map(({ run }) => run);
  const reports = new Reports(parts, due);
  try {
    for (const { id } of runs) reports.write(id, { state: 'starting' });
    await parts.prepare();
    await bringDatasets(parts);
  } catch (error) {
    for (const { id } of runs) reports.write(id, { state: 'failed', error: toRunError(error, []) });
    throw error;
  }
  const endings = await train(runs, parts, reports);
  if (endings.includes('failed')) return 'failed';
  return endings.includes('saved') ? 'saved' : 'completed';
}
