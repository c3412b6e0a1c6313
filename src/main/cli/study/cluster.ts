import { join } from 'node:path';
import type { Command } from 'commander';
import { engineNames, type EngineName } from '../../../core/records.ts';
import type { RemoteRun, Resources } from '../../../shared/remoteRuns.ts';
import { cancelStudy, remoteStatus, retryStudy } from '../../cluster/control.ts';
import { collectStudy, type Collected } from '../../cluster/collect.ts';
import { schedulerNames, type SchedulerName } from '../../cluster/schedulers.ts';
import { submitStudy } from '../../cluster/submit.ts';
import { loadSourceFile } from '../../platform/files.ts';
import { oneOf, wholeNumber } from '../arguments.ts';
import { describeError, describeErrorAsJson } from '../output.ts';
import { withSession, type Session } from '../session.ts';
import { formatList } from '../tableOptions.ts';
import { countRemote, tabulateRemote } from './remoteTable.ts';

/** Those that were given, of what a task asks a scheduler for. */
export type ResourceOptions = Partial<Resources>;

interface SubmitFlags extends ResourceOptions {
  on: SchedulerName;
  runsPerTask: number;
  shared?: string;
  setup?: string;
  engine?: EngineName;
}

/** What a task asks a scheduler for. */
export const addResourceOptions = (command: Command): Command =>
  command
    .option('--partition <name>', 'of the cluster')
    .option('--gres <list>', 'of a task, such as gpu:1')
    .option(
      '--cpus <n>',
      'cores of a task; by default one for each of its runs',
      wholeNumber(1, 1024),
    )
    .option('--mem <size>', 'of a task, such as 8G')
    .option('--time <limit>', 'of a task, such as 4:00:00')
    .option('--account <name>', 'that pays')
    .option('--array-limit <n>', 'tasks that run at once', wholeNumber(1));

const resourcesOf = ({
  partition,
  gres,
  cpus,
  mem,
  time,
  account,
  arrayLimit,
}: ResourceOptions): ResourceOptions =>
  Object.fromEntries(
    Object.entries({ partition, gres, cpus, mem, time, account, arrayLimit }).filter(
      ([, value]) => value !== undefined,
    ),
  );

const setupBytes = 100_000;

const readSetup = async (path: string | undefined): Promise<string> =>
  path === undefined ? '' : Buffer.from(await loadSourceFile(path, setupBytes)).toString('utf8');

async function submit(session: Session, name: string, options: SubmitFlags): Promise<void> {
  const { workbench, dataDir, output, json } = session;
  const { history, library, engines } = workbench;
  const record = history.studies.resolve(name);
  const { on, runsPerTask, shared = join(dataDir, 'cluster') } = options;
  const engine = options.engine ?? (await engines.get()).name;
  const setup = await readSetup(options.setup);
  const resources = { ...resourcesOf(options), cpus: options.cpus ?? runsPerTask };
  const submission = await submitStudy(
    record,
    { on, resources, runsPerTask, shared, setup, engine },
    { history, library, dataDir },
  );
  const { runs, jobs, folder } = submission;
  const ids = jobs.map(({ id }) => id);
  if (json) {
    output.json({
      submission: submission.id,
      jobs: ids,
      folder,
      runs: runs.map(({ runId }) => runId),
    });
    return;
  }
  const tasks = jobs.reduce((sum, job) => sum + job.tasks.length, 0);
  const words = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} in ${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
  output.text(
    `${words} handed to ${on}: job ${ids.join(', ')}, engine ${engine}.\nThey write to ${folder}; “study status” says how they fare, “study collect” brings home what is done.`,
  );
}

/** Last lines of what failed, as many as tell why. */
const shownLines = 5;

/** The runs of a study on clusters, with what keeps them from being known better. */
export async function findRemote(session: Session, studyId: string): Promise<RemoteRun[]> {
  const { history } = session.workbench;
  const { runs, problem } = await remoteStatus(history.studies.get(studyId), history);
  if (problem !== null) session.output.note(`${problem.message} What tasks wrote last is shown.`);
  return runs;
}

/** The same in words; empty where there are none. */
export function describeRemote(runs: readonly RemoteRun[], { output }: Session): string[] {
  if (runs.length === 0) return [];
  const away = runs.filter(({ state }) => state !== 'collected');
  const table = away.length === 0 ? [] : [formatList(tabulateRemote(away), output)];
  const logs = away
    .filter(({ log }) => log.length > 0)
    .map(({ name, log }) => [`Last lines of ${name}:`, ...log.slice(-shownLines)].join('\n  '));
  return [`on a cluster: ${countRemote(runs)}`, ...table, ...logs];
}

function reportCollected({ imported, deleted, failed }: Collected, session: Session): void {
  const { output, json } = session;
  const last = failed.at(-1);
  for (const { error } of failed.slice(0, -1)) {
    output.note(json ? describeErrorAsJson(error) : describeError(error));
  }
  if (json) output.json({ collected: imported, deleted, failed: failed.map(({ runId }) => runId) });
  else output.text(`${imported.length} ${imported.length === 1 ? 'run' : 'runs'} came home.`);
  if (!json && deleted.length > 0) {
    output.note(
      `${deleted.length} ${deleted.length === 1 ? 'run' : 'runs'} (${deleted.join(', ')}) had come home before and ${deleted.length === 1 ? 'was' : 'were'} deleted here: not imported again; --again does.`,
    );
  }
  if (last !== undefined) throw last.error;
}

async function collect(session: Session, name: string, again: boolean): Promise<void> {
  const { history, library } = session.workbench;
  const record = history.studies.resolve(name);
  reportCollected(await collectStudy(record, { history, library }, again), session);
}

async function cancel(session: Session, name: string): Promise<void> {
  const { history } = session.workbench;
  const runs = await cancelStudy(history.studies.resolve(name), history);
  const ids = runs.map(({ runId }) => runId);
  if (session.json) session.output.json({ cancelled: ids });
  else
    session.output.text(
      `${ids.length} ${ids.length === 1 ? 'run' : 'runs'} taken back from the cluster.`,
    );
}

/** Hands what failed on clusters over again. @returns the ids of those runs */
export async function retryRemote(
  session: Session,
  name: string,
  options: ResourceOptions,
): Promise<string[]> {
  const { history } = session.workbench;
  const record = history.studies.resolve(name);
  if (history.submissions.list(record.id).length === 0) return [];
  const { runs, held } = await retryStudy(record, resourcesOf(options), history);
  if (held.length > 0) {
    session.output.note(
      `${held.length} failed ${held.length === 1 ? 'run waits' : 'runs wait'} until the others of their task are done.`,
    );
  }
  return runs.map(({ runId }) => runId);
}

/** `study submit`, `study collect` and `study cancel`: the runs of a study on a cluster. */
export function addCluster(parent: Command): void {
  addResourceOptions(parent.command('submit'))
    .description('hand the runs that a study still asks for to a cluster')
    .argument('<study>', 'name or id')
    .option('--on <scheduler>', schedulerNames.join(' or '), oneOf(schedulerNames), 'slurm')
    .option('--runs-per-task <n>', 'trained side by side on one machine', wholeNumber(1, 256), 1)
    .option(
      '--shared <folder>',
      'that this machine and every node see (default: cluster in the data folder)',
    )
    .option('--setup <file>', 'shell commands before each task, such as module load')
    .option('--engine <name>', engineNames.join(' or '), oneOf(engineNames))
    .action(async (study: string, options: SubmitFlags, command: Command) => {
      await withSession(command, (session) => submit(session, study, options));
    });
  parent
    .command('collect')
    .description('import the runs of a study that have completed on a cluster, each once')
    .argument('<study>', 'name or id')
    .option('--again', 'also those that were deleted here since')
    .action(async (study: string, { again = false }: { again?: boolean }, command: Command) => {
      await withSession(command, (session) => collect(session, study, again));
    });
  parent
    .command('cancel')
    .description('take the runs of a study back that wait or train on a cluster')
    .argument('<study>', 'name or id')
    .action(async (study: string, _: unknown, command: Command) => {
      await withSession(command, (session) => cancel(session, study));
    });
}
