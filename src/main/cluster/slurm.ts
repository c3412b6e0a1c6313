import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { AfterimageError, invalidArgument } from '../../core/errors.ts';
import type { Resources, TaskState } from '../../shared/remoteRuns.ts';
import { runCommand, type CommandResult } from '../platform/commands.ts';
import { saveFile } from '../platform/files.ts';
import type { JobRequest, OwnTask, Scheduler, SubmittedJob } from './scheduler.ts';
import { formatTasks, parseSacct, parseSqueue, squeueFormat, type TaskRow } from './slurmText.ts';

/** How long a command of Slurm may take whose controller does not answer, ms. */
const patienceMs = 60_000;

/** How long before a task's time limit it is told to save, s. */
export const noticeSeconds = 60;

const lastLine = (text: string): string =>
  text
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^\w+: (error: )?/, '') ?? '';

/** Reports what a command of Slurm could not do. */
function explain(command: string, result: CommandResult): AfterimageError {
  const { notFound, timedOut, stderr, stdout, code, signal } = result;
  const isUnset = /configuration source/i.test(stderr);
  if (notFound || isUnset) {
    return new AfterimageError(
      'NOT_FOUND',
      `There is no Slurm here: ${command} ${isUnset ? 'has no configuration' : 'was not found'}.`,
      'Run this on a machine of the cluster that jobs are submitted from.',
    );
  }
  const words =
    lastLine(stderr) || lastLine(stdout) || `it ended with ${code ?? signal ?? 'nothing'}`;
  const isSilent = timedOut || /unable to contact|socket timed out|connect failure/i.test(stderr);
  if (isSilent) {
    return new AfterimageError(
      'NO_NETWORK',
      `Slurm does not answer ${command}: ${timedOut ? `not within ${patienceMs / 1000} s` : words}.`,
      'Try again later; what was submitted goes on by itself.',
    );
  }
  return invalidArgument(
    `Slurm refused ${command}: ${words.replace(/\.$/, '')}.`,
    command === 'sbatch'
      ? 'Change what it names; nothing was submitted.'
      : 'Try again later, or ask those who look after the cluster.',
  );
}

/** A text as one word of a shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The script of all tasks. Its process becomes the task's, so that signals reach it; it is handed what
 * is to be added to the place in the array.
 */
export const writeScript = ({ folder, command, setup }: JobRequest): string =>
  [
    '#!/bin/bash',
    `if [ ! -r ${quote(join(folder, 'submission.json'))} ]; then`,
    `  echo "$(hostname) does not see "${quote(folder)}". Give a folder with --shared that every node sees." >&2`,
    '  exit 66',
    'fi',
    ...(setup === '' ? [] : [setup.trimEnd()]),
    `exec ${command.map(quote).join(' ')} "$(($1 + SLURM_ARRAY_TASK_ID))"`,
    '',
  ].join('\n');

const given = (flag: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`--${flag}=${value}`];

const optionsOf = ({ partition, gres, cpus, mem, time, account }: Resources): string[] => [
  ...given('partition', partition),
  ...given('gres', gres),
  `--cpus-per-task=${cpus}`,
  ...given('mem', mem),
  ...given('time', time),
  ...given('account', account),
];

const listJobs = (jobs: readonly SubmittedJob[]): string => jobs.map(({ id }) => id).join(',');

/** Splits tasks by what an array's places may be numbered. */
function divide(tasks: readonly number[], largest: number): Omit<SubmittedJob, 'id'>[] {
  const parts = Map.groupBy(tasks, (task) => Math.floor(task / largest));
  return [...parts].map(([part, some]) => ({ tasks: some, offset: part * largest }));
}

const killed = 'killed by signal 9, most often for lack of memory';

/** By array place, why tasks failed whose exit code says so. */
function readExits(text: string): Map<number, string> {
  const exits = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, place] = /\bArrayTaskId=(\d+)\b/.exec(line) ?? [];
    const [, code, signal] = /\bExitCode=(\d+):(\d+)/.exec(line) ?? [];
    if (place === undefined || code === undefined) continue;
    if (code === '137' || signal === '9') exits.set(Number(place), killed);
    else if (code !== '0') exits.set(Number(place), `exit code ${code}`);
  }
  return exits;
}

/** Slurm as Debian, and most laboratories, have it: 20.11 and newer. */
export class Slurm implements Scheduler {
  readonly #run: typeof runCommand;

  /** @param run of programs; tests give another one */
  constructor(run: typeof runCommand = runCommand) {
    this.#run = run;
  }

  async #ask(command: string, args: readonly string[]): Promise<string> {
    const result = await this.#run(command, args, { timeoutMs: patienceMs });
    if (result.code === 0) return result.stdout;
    throw explain(command, result);
  }

  /** Places of an array are numbered from 0 to one less. */
  async #findMaxArraySize(): Promise<number> {
    const [, size] =
      /^MaxArraySize\s*=\s*(\d+)/m.exec(await this.#ask('scontrol', ['show', 'config'])) ?? [];
    return Math.max(1, Number(size ?? 1001));
  }

  async submit(request: JobRequest): Promise<SubmittedJob[]> {
    const { folder, tasks, resources } = request;
    const script = join(folder, 'task.sh');
    const parts = divide(tasks, await this.#findMaxArraySize());
    await saveFile(script, writeScript(request));
    const jobs: SubmittedJob[] = [];
    try {
      for (const part of parts) {
        const places = part.tasks.map((task) => task - part.offset);
        const limit = resources.arrayLimit === undefined ? '' : `%${resources.arrayLimit}`;
        const answer = await this.#ask('sbatch', [
          ...['--parsable', '--requeue', '--open-mode=append', `--job-name=${request.name}`],
          ...[`--signal=B:USR2@${noticeSeconds}`, `--output=${join(folder, 'logs', '%A_%a.log')}`],
          ...[`--chdir=${folder}`, `--array=${formatTasks(places)}${limit}`],
          ...optionsOf(resources),
          ...[script, String(part.offset)],
        ]);
        jobs.push({ ...part, id: answer.trim().split(';')[0] ?? '' });
      }
      return jobs;
    } catch (error) {
      await this.cancel(jobs);
      throw error;
    }
  }

  async list(jobs: readonly SubmittedJob[]): Promise<TaskState[]> {
    if (jobs.length === 0) return [];
    const user = `--user=${userInfo().uid}`;
    const text = await this.#ask('squeue', [
      ...['--noheader', '--array', '--states=all', user, `--format=${squeueFormat}`],
    ]);
    const rows = parseSqueue(text);
    const states = await Promise.all(jobs.map((job) => this.#listJob(job, rows)));
    return states.flat();
  }

  async #listJob(job: SubmittedJob, queued: readonly TaskRow[]): Promise<TaskState[]> {
    const { id, tasks, offset } = job;
    let rows = queued.filter((row) => row.job === id);
    const isWhole = tasks.every((task) => rows.some(({ place }) => place + offset === task));
    if (!isWhole) rows = [...rows, ...(await this.#listEnded(id, rows))];
    const hasFailed = rows.some(({ word }) => word === 'FAILED');
    const exits = hasFailed ? await this.#findExits(id) : new Map<number, string>();
    return rows.map(({ place, reason, ...row }) => ({
      ...row,
      task: place + offset,
      reason: exits.get(place) ?? reason,
    }));
  }

  /** What accounting, where the cluster has it, knows of tasks that the queue has forgotten. */
  async #listEnded(id: string, known: readonly TaskRow[]): Promise<TaskRow[]> {
    const { code, stdout } = await this.#run(
      'sacct',
      [
        ...['--noheader', '--parsable2', '--allocations', `--jobs=${id}`],
        '--format=JobID,State,ExitCode,NodeList',
      ],
      { timeoutMs: patienceMs },
    );
    if (code !== 0) return [];
    return parseSacct(stdout).filter(({ place }) => known.every((row) => row.place !== place));
  }

  async #findExits(id: string): Promise<Map<number, string>> {
    const args = ['--oneliner', 'show', 'job', id];
    const { code, stdout } = await this.#run('scontrol', args, { timeoutMs: patienceMs });
    return code === 0 ? readExits(stdout) : new Map<number, string>();
  }

  async cancel(jobs: readonly SubmittedJob[]): Promise<void> {
    if (jobs.length > 0) await this.#ask('scancel', listJobs(jobs).split(','));
  }

  logPath(folder: string, { id, offset }: SubmittedJob, task: number): string {
    return join(folder, 'logs', `${id}_${task - offset}.log`);
  }

  ownTask(env: NodeJS.ProcessEnv): OwnTask {
    const id = env['SLURM_JOB_ID'] ?? '';
    return {
      id,
      job: env['SLURM_ARRAY_JOB_ID'] ?? id,
      node: env['SLURMD_NODENAME'] ?? hostname(),
      restarts: Number(env['SLURM_RESTART_COUNT'] ?? 0),
    };
  }

  async requeue({ id }: OwnTask): Promise<void> {
    await this.#ask('scontrol', ['requeue', id]);
  }
}
