import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AfterimageError } from '../../core/errors.ts';
import { datasetRecordSchema, engineNames, runIdSchema } from '../../core/records.ts';
import { newRunSchema } from '../../shared/contract.ts';
import { runReportSchema, type RunReport } from '../../shared/remoteRuns.ts';
import { codeOf, toWriteError, type WriteAdvice } from '../platform/errors.ts';
import { postFile, sizeOf } from '../platform/files.ts';

/** Everything that a task needs to know. Written once, before the first task can start. */
export const submissionSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  study: z.string(),
  /** Name of what its tasks are handed to. */
  scheduler: z.string(),
  createdAt: z.iso.datetime(),
  /** Null: the one that is the default where tasks run. */
  engine: z.enum(engineNames).nullable(),
  /** Folder of installed engines; null where there is none, or none is wanted. */
  engines: z.string().nullable(),
  /** Cores of a task. */
  cpus: z.number().int().min(1),
  runsPerTask: z.number().int().min(1),
  /** With the file of each, whose name is the set's SHA-256. */
  datasets: z.array(z.object({ record: datasetRecordSchema, path: z.string() })),
  /** In the order of the tasks: the first ones are task 0's. */
  runs: z.array(newRunSchema.extend({ id: runIdSchema })).min(1),
});
export type Submission = z.infer<typeof submissionSchema>;
export type PlannedTaskRun = Submission['runs'][number];

/** For what lies on the shared folder. */
const sharedAdvice: WriteAdvice = {
  space: 'Free some space there, or choose another folder with --shared.',
  refused: 'Give yourself write access to it, or choose another folder with --shared.',
};

/** Files of a submission's folder on the shared disk. Those of a run are whole whenever they are there. */
export class SubmissionFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get submissionPath(): string {
    return join(this.path, 'submission.json');
  }

  get logs(): string {
    return join(this.path, 'logs');
  }

  runFolder(runId: string): string {
    return join(this.path, 'runs', runId);
  }

  /** The run as it was when its task was last told to stop, or had come some way. */
  statePath(runId: string): string {
    return join(this.runFolder(runId), 'state.afterimage');
  }

  /** The run when it had completed. */
  resultPath(runId: string): string {
    return join(this.runFolder(runId), 'result.afterimage');
  }

  #reportPath(runId: string): string {
    return join(this.runFolder(runId), 'report.json');
  }

  /** NOT_FOUND where this machine does not see it. */
  readSubmission(): Submission {
    try {
      return submissionSchema.parse(JSON.parse(readFileSync(this.submissionPath, 'utf8')));
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error))) {
      return new AfterimageError(
        'NOT_FOUND',
        `This machine does not see ${this.submissionPath}.`,
        'Give a folder with --shared that this machine and every node see.',
        error,
      );
    }
    return new AfterimageError(
      'CORRUPT_INPUT',
      `${this.submissionPath} is not what this version of Afterimage wrote.`,
      'Use the version that submitted it, or submit the study again.',
      error,
    );
  }

  async hasState(runId: string): Promise<boolean> {
    return (await sizeOf(this.statePath(runId))) !== null;
  }

  /** Whether the run has completed. */
  async hasResult(runId: string): Promise<boolean> {
    return (await sizeOf(this.resultPath(runId))) !== null;
  }

  /** What the run's task last wrote; null where it has not, or nobody can read it. */
  async readReport(runId: string): Promise<RunReport | null> {
    try {
      return runReportSchema.parse(JSON.parse(await readFile(this.#reportPath(runId), 'utf8')));
    } catch {
      return null;
    }
  }

  /** READ_ONLY, DISK_FULL. */
  writeReport(report: RunReport): void {
    const path = this.#reportPath(report.runId);
    try {
      postFile(path, JSON.stringify(report));
    } catch (error) {
      throw toWriteError(error, path, sharedAdvice);
    }
  }
}

/** Runs of each task, in order. */
export const divideRuns = ({ runs, runsPerTask }: Submission): PlannedTaskRun[][] =>
  Array.from({ length: Math.ceil(runs.length / runsPerTask) }, (_, task) =>
    runs.slice(task * runsPerTask, (task + 1) * runsPerTask),
  );
