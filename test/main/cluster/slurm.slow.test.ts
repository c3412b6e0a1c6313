import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packForNode } from '../../../scripts/checkPackage.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { changeSettings } from '../../../src/core/config/settingValues.ts';
import type { StudyDetail } from '../../../src/core/studies/progress.ts';
import type { StudyBase } from '../../../src/core/studies/study.ts';
import type { RemoteRun } from '../../../src/shared/remoteRuns.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import { childrenOf } from '../../support/cli.ts';
import { importDigits, readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { TestSlurm, whyNoSlurm } from '../../support/slurm.ts';
import { readNumbers, readRuns, withHistory } from '../../support/storedRun.ts';
import { trainHere } from '../../support/trainHere.ts';

const reason = whyNoSlurm();
if (reason !== null) console.error(`Slurm is not tested: ${reason}.`);

/** Longest that anything here takes on a machine that is busy with other things, ms. */
const patienceMs = 240_000;

let slurm: TestSlurm;
let dataDir: string;
let shared: string;

const base = (name: 'mnist-c' | 'mnist-r', epochs: number, batchSize: number): StudyBase => ({
  name,
  config: changeSettings(presets[name], {
    'data.dataset': 'digits',
    'training.epochs': epochs,
    'training.patience': null,
    'training.batchSize': batchSize,
  }),
});

function makeStudy(name: string, bases: StudyBase[], seeds: number[]): void {
  withHistory(dataDir, (history) => {
    history.studies.insert({ name, question: '', factors: [], bases, seeds });
  });
}

interface Submitted {
  jobs: string[];
  folder: string;
  runs: string[];
}

const submit = async (study: string, ...options: string[]): Promise<Submitted> =>
  (await readHere(
    dataDir,
    ...['study', 'submit', study, '--shared', shared, '--engine', 'wasm', ...options],
  )) as Submitted;

const remoteOf = async (study: string): Promise<RemoteRun[]> =>
  ((await readHere(dataDir, 'study', 'status', study)) as { remote: RemoteRun[] }).remote;

const collect = async (study: string): Promise<string[]> =>
  ((await readHere(dataDir, 'study', 'collect', study)) as { collected: string[] }).collected;

const pause = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until it answers something else than null. */
async function until<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(300);
  }
}

const everyRun = async (study: string, state: RemoteRun['state'], epoch = 0) => {
  const runs = await remoteOf(study);
  const isSo = (run: RemoteRun): boolean =>
    run.state === state && (run.progress?.epoch ?? 0) >= epoch;
  return runs.every(isSo) ? runs : null;
};

/** The process of the task on a node, and its trainers. */
function taskOn(node: string): { task: number; trainers: number[] } {
  const task = slurm
    .processesOf(node)
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0task\0'));
  if (task === undefined) throw new Error(`no task runs on ${node}`);
  return { task, trainers: childrenOf(task) };
}

/** A time limit in minutes that a running task reaches within a minute and a quarter, but not at once. */
function minutesFor(task: string): number {
  const told = slurm.run('squeue', ['-h', '-r', '-j', task, '-o', '%M']).trim();
  const [seconds = 0, minutes = 0] = told.split(':').map(Number).reverse();
  return Math.ceil((60 * minutes + seconds + 15) / 60);
}

/** All runs of a study that are here, beside the same ones trained here without any cluster. */
async function expectSameBits(study: string): Promise<void> {
  const engine = await openWasmEngine(1);
  const { cells } = (await readHere(dataDir, 'study', 'show', study)) as StudyDetail;
  const ids = cells.map(({ run }) => run?.id ?? '');
  const runs = readRuns(dataDir).filter(({ id }) => ids.includes(id));
  expect(runs.map(({ status }) => status)).toEqual(cells.map(() => 'completed'));
  const local = makeTemporaryFolder();
  await importDigits(local, 80, 40);
  const source = await openWorkbench({ dataDir: local });
  const { record } = await source.library.resolve('digits');
  const startTrainer = trainHere(engine, await source.library.load(record));
  await source.close();
  const workbench = await openWorkbench({ dataDir: local, jobs: 1, startTrainer });
  for (const { id, name, experiment, config, seed } of runs) {
    workbench.history.runs.insert({ name, experiment, config, seed }, 'wasm', id);
  }
  workbench.training.submit(ids);
  await workbench.training.idle;
  await workbench.close();
  for (const id of ids) expect(readNumbers(dataDir, id)).toEqual(readNumbers(local, id));
  removeFolder(local);
}

describe.skipIf(reason !== null)('a real Slurm', { timeout: 2 * patienceMs }, () => {
  beforeAll(async () => {
    slurm = new TestSlurm({ cpus: 8, maxArraySize: 100 });
    dataDir = makeTemporaryFolder();
    shared = makeTemporaryFolder();
    await importDigits(dataDir, 80, 40);
    await until('nodes', () => (/main\* .* 4 +idle/.test(slurm.run('sinfo', [])) ? true : null));
  }, patienceMs);
  afterAll(() => {
    slurm.close();
    removeFolder(dataDir);
    removeFolder(shared);
  });

  test('runs that are preempted, killed, cut off by their time limit and whose node is lost end with the same bits', async () => {
    makeStudy('disturbed', [base('mnist-r', 10, 4)], [1, 2, 3, 4]);
    // A node each, which it fills.
    await submit('disturbed', '--cpus', '8', '--time', '60');
    const running = await until('all to run', () => everyRun('disturbed', 'running', 1));
    expect(running.map(({ node }) => node).sort()).toEqual(['n1', 'n2', 'n3', 'n4']);
    const on = (node: string): RemoteRun => {
      const found = running.find((run) => run.node === node);
      if (found === undefined) throw new Error(`nothing runs on ${node}`);
      return found;
    };
    const [, second, , fourth] = ['n1', 'n2', 'n3', 'n4'].map(taskOn);
    // That one shall not end before its time limit is near, for which nothing need be computed.
    for (const pid of fourth?.trainers ?? []) process.kill(pid, 'SIGSTOP');
    const limit = (minutes: number): void => {
      slurm.run('scontrol', ['update', `JobId=${on('n4').task}`, `TimeLimit=${minutes}`]);
    };
    limit(minutesFor(on('n4').task));
    slurm.run('sbatch', ['-p', 'urgent', '-w', 'n1', '-c', '8', '--wrap', 'sleep 1']);
    process.kill(second?.task ?? 0, 'SIGKILL');
    slurm.loseNode('n3');
    const ofLimit = (): string[] =>
      readdirSync(join(shared)).flatMap((name) => {
        const path = join(shared, name, 'logs', `${on('n4').task}.log`);
        return name.startsWith('disturbed') ? readFileSync(path, 'utf8').split('\n') : [];
      });
    await until('the time limit’s notice', () =>
      ofLimit().some((line) => line.startsWith('The time limit is near')) ? true : null,
    );
    limit(60);
    for (const pid of fourth?.trainers ?? []) process.kill(pid, 'SIGCONT');
    const killed = await until('the killed task to be known', async () => {
      const run = (await remoteOf('disturbed')).find(({ runId }) => runId === on('n2').runId);
      return run?.state === 'failed' ? run : null;
    });
    expect(killed.reason).toMatch(/^Its task ended before the run did \(.*signal 9/);
    expect(await readHere(dataDir, 'study', 'retry', 'disturbed', '--time', '30')).toEqual({
      resubmitted: [killed.runId],
    });
    slurm.startNode('n3');
    await until('all to finish', () => everyRun('disturbed', 'finished'));
    expect(await collect('disturbed')).toHaveLength(4);
    expect(await collect('disturbed')).toEqual([]);
    await expectSameBits('disturbed');
  });

  test('forty runs come home while others still train, as many at once as was said', async () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
    makeStudy('forty', [base('mnist-c', 1, 64), base('mnist-r', 1, 64)], seeds);
    const { jobs, runs } = await submit(
      'forty',
      ...['--runs-per-task', '10', '--array-limit', '2', '--cpus', '2'],
    );
    expect(runs).toHaveLength(40);
    let most = 0;
    let cameEarly = 0;
    const home: string[] = [];
    await until('all to be home', async () => {
      const states = slurm.run('squeue', ['-h', '-r', '-j', jobs.join(','), '-t', 'R']);
      const active = states.trim().split('\n').filter(Boolean).length;
      most = Math.max(most, active);
      const came = await collect('forty');
      home.push(...came);
      if (active > 0) cameEarly += came.length;
      return home.length >= 40 ? true : null;
    });
    expect(new Set(home)).toEqual(new Set(runs));
    expect(home).toHaveLength(40);
    expect(most).toBe(2);
    expect(cameEarly).toBeGreaterThan(0);
    await expectSameBits('forty');
  });

  test('what is cancelled can be handed over again, and is handed over once', async () => {
    makeStudy('cancelled', [base('mnist-c', 40, 2)], [1, 2]);
    const { runs } = await submit('cancelled', '--runs-per-task', '2');
    const twice = await runHere(dataDir, 'study', 'submit', 'cancelled', '--shared', shared);
    expect(twice).toMatchObject({ code: 1, stdout: '' });
    expect(twice.stderr).toMatch(/^error: Study cancelled has no run that is neither here nor/);
    await until('both to run', () => everyRun('cancelled', 'running'));
    const answer = (await readHere(dataDir, 'study', 'cancel', 'cancelled')) as {
      cancelled: string[];
    };
    expect(new Set(answer.cancelled)).toEqual(new Set(runs));
    await until('both to stop', () => everyRun('cancelled', 'cancelled'));
    const again = await submit('cancelled', '--array-limit', '1');
    expect(again.runs).toHaveLength(2);
    await readHere(dataDir, 'study', 'cancel', 'cancelled');
  });

  test('the packaged application hands a study over, and its tasks train with it', async () => {
    const folder = makeTemporaryFolder();
    const program = join(await packForNode(folder), 'bin/afterimage');
    makeStudy('packed', [base('mnist-r', 10, 4)], [1, 2]);
    const { status, stderr } = spawnSync(
      program,
      [
        ...['study', 'submit', 'packed', '--shared', shared, '--engine', 'wasm'],
        ...['--runs-per-task', '2', '--data-dir', dataDir],
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [run] = await until('both to train', () => everyRun('packed', 'running'));
    const { task } = taskOn(run?.node ?? '');
    expect(readlinkSync(`/proc/${task}/exe`)).toBe(join(program, '../../afterimage'));
    await until('both to finish', () => everyRun('packed', 'finished'));
    expect(await collect('packed')).toHaveLength(2);
    await expectSameBits('packed');
    removeFolder(folder);
  });

  test('what a machine cannot see, and what Slurm refuses, is told in one line', async () => {
    makeStudy('refused', [base('mnist-c', 1, 64)], [1, 2]);
    const words = ['study', 'submit', 'refused', '--shared', shared];
    const refused = await runHere(dataDir, ...words, '--partition', 'nowhere');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^error: Slurm refused sbatch: Batch job submission failed: Invalid partition name specified\. .*\n$/,
    );
    const stored = withHistory(dataDir, ({ studies, submissions }) =>
      submissions.list(studies.resolve('refused').id),
    );
    expect(stored).toEqual([]);
    // Slurm holds it until the folder is gone, as it is for a machine that does not see the disk.
    for (const name of ['n1', 'n2', 'n3', 'n4']) {
      slurm.run('scontrol', ['update', `NodeName=${name}`, 'State=DRAIN', 'Reason=test']);
    }
    const { folder } = await submit('refused', '--runs-per-task', '2');
    removeFolder(folder);
    for (const name of ['n1', 'n2', 'n3', 'n4']) {
      slurm.run('scontrol', ['update', `NodeName=${name}`, 'State=RESUME']);
    }
    const [first] = await until('the task to fail', () => everyRun('refused', 'failed'));
    expect(first?.reason).toMatch(
      /^Its task ended \(FAILED on n\d\) and wrote nothing: that machine may not see \//,
    );
  });
});
