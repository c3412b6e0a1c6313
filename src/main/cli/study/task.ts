import { rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { findScheduler } from '../../cluster/schedulers.ts';
import { SubmissionFolder, type Submission } from '../../cluster/submission.ts';
import { runTask, type TaskEnd } from '../../cluster/task.ts';
import { AfterimageError } from '../../../core/errors.ts';
import { sizeOf } from '../../platform/files.ts';
import { isFolder, makeFolder, privateFolderMode } from '../../platform/folders.ts';
import { nameUnfinished, removeAbandoned } from '../../platform/unfinished.ts';
import { openWorkbench } from '../../workbench.ts';
import { wholeNumber } from '../arguments.ts';
import { Paused } from '../output.ts';

/** The disk that a scheduler gives its task, else the machine's own for what goes again. */
const localDisk = (): string =>
  [process.env['SLURM_TMPDIR'] ?? '', tmpdir()].find((path) => path !== '' && isFolder(path)) ??
  '/tmp';

/** What a task hears of its end: `again` where it shall be put back, as its time is up. */
function listenForEnd(): { stopping: AbortSignal; isAgain: () => boolean; close: () => void } {
  const ending = new AbortController();
  let again = false;
  const timeIsUp = (): void => {
    console.error('The time limit is near: saving, to go on in another turn.');
    again = true;
    ending.abort();
  };
  // Preempted or taken back: the scheduler knows what it will do with it.
  const stop = (): void => {
    console.error('Told to stop: saving.');
    ending.abort();
  };
  process.on('SIGUSR2', timeIsUp).on('SIGTERM', stop).on('SIGINT', stop);
  return {
    stopping: ending.signal,
    isAgain: () => again,
    close: () => {
      process.off('SIGUSR2', timeIsUp).off('SIGTERM', stop).off('SIGINT', stop);
    },
  };
}

/** Makes the engines of the machine that submitted usable from a data folder of the task's own. */
async function linkEngines({ engines }: Submission, dataDir: string): Promise<void> {
  if (engines === null) return;
  if ((await sizeOf(join(engines, 'current.json'))) === null) {
    throw new AfterimageError(
      'ENGINE_UNAVAILABLE',
      `This machine does not see the native engine in ${engines}.`,
      'Have the data folder on a disk that every node sees, or submit with --engine wasm.',
    );
  }
  await symlink(engines, join(dataDir, 'engines'));
}

async function work(path: string, task: number): Promise<TaskEnd> {
  const folder = new SubmissionFolder(path);
  const submission = folder.readSubmission();
  const scheduler = findScheduler(submission.scheduler);
  const own = scheduler.ownTask(process.env);
  const disk = localDisk();
  await removeAbandoned(disk);
  const dataDir = nameUnfinished(disk);
  const ending = listenForEnd();
  try {
    makeFolder(dataDir, privateFolderMode);
    const { runsPerTask: jobs, cpus } = submission;
    const threads = Math.max(1, Math.floor(cpus / jobs));
    const workbench = await openWorkbench({ dataDir, jobs, threads });
    try {
      const { stopping } = ending;
      const prepare = (): Promise<void> => linkEngines(submission, dataDir);
      const parts = { workbench, dataDir, folder, submission, task, own, stopping, prepare };
      const end = await runTask(parts);
      if (end !== 'completed' && ending.isAgain()) await scheduler.requeue(own);
      return end;
    } finally {
      await workbench.close();
    }
  } finally {
    ending.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const someFailed = (task: number, folder: string): AfterimageError =>
  new AfterimageError(
    'TRAINER_DIED',
    `Runs of task ${task} failed; their reports in ${folder} say why.`,
    '“study status” shows them, “study retry” has them tried again.',
  );

/** `study task`, which a cluster's nodes run: nobody types it. */
export function addTask(parent: Command): void {
  parent
    .command('task', { hidden: true })
    .description('train the runs of a task of a submission')
    .argument('<task>', '', wholeNumber(0))
    .requiredOption('--folder <folder>', 'of the submission')
    .action(async (task: number, { folder }: { folder: string }) => {
      const end = await work(folder, task);
      if (end === 'saved') throw new Paused();
      if (end === 'failed') throw someFailed(task, folder);
    });
}
