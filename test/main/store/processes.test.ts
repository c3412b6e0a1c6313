import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mountSmallDisk } from '../../support/smallDisk.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeEpoch,
  makeFolder,
  newRun,
  openTestHistory,
} from './fixtures.ts';

const script = fileURLToPath(new URL('./childTasks.ts', import.meta.url));

function start(task: string, dataDir: string): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [script, task, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('several processes', () => {
  it('may make and fill the same history at once', async () => {
    const dataDir = join(makeFolder(), 'new');
    const children = Array.from({ length: 4 }, () => start('insertRuns', dataDir));
    const codes = await Promise.all(
      children.map(async (child) => (await once(child, 'close')) as [number]),
    );
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0, 0]);
    const history = openTestHistory(dataDir);
    expect(history.runs.list()).toHaveLength(80);
    expect(await history.verify()).toEqual([]);
  });

  it('may open and read while one writes, and are told who holds it when they cannot write', async () => {
    const dataDir = makeFolder();
    insertRunWithEpochs(openTestHistory(dataDir), 1, { count: 10 });
    const writer = start('lock', dataDir);
    await once(writer.stdout, 'data');
    const began = performance.now();
    const history = openTestHistory(dataDir);
    expect(history.runs.list()).toHaveLength(1);
    expect(history.runs.listSummaries()[0]?.last?.epoch).toBe(1);
    expect(performance.now() - began).toBeLessThan(4000);
    const error = await errorOf(() => history.runs.insert(newRun()));
    expect(error).toMatchObject({ code: 'LOCKED' });
    await kill(writer);
    expect(history.runs.insert(newRun()).status).toBe('queued');
  });
});

describe('a process that is killed while it stores epochs', () => {
  it.each([30, 90, 170])('leaves whole epochs and an interrupted run (after %i ms)', async (ms) => {
    const dataDir = makeFolder();
    const child = start('train', dataDir);
    let stored = -1;
    child.stdout.on('data', (text: Buffer) => {
      stored = Number(String(text).trim().split('\n').at(-1));
    });
    await once(child.stdout, 'data');
    await sleep(ms);
    await kill(child);
    const history = openTestHistory(dataDir);
    const [run] = history.runs.list();
    const last = run?.epochs.at(-1)?.epoch ?? -1;
    expect(run).toMatchObject({ status: 'interrupted', error: { code: 'TRAINER_DIED' } });
    expect(last).toBeGreaterThanOrEqual(stored);
    expect(await history.verify()).toEqual([]);
    expect([...(history.checkpoints.get(run?.id ?? '') ?? [])]).toEqual([last, 1, 2, 3]);
    const again = makeEpoch(last, { count: 2000, mapSize: 7, metrics: { durationMs: 1 } });
    expect(history.insertEpoch(run?.id ?? '', again)).toBe('repeated');
  });
});

const isRoot = process.getuid?.() === 0;

describe('a folder that cannot be written', () => {
  it.runIf(process.platform === 'linux')('is refused as such', () => {
    const dataDir = makeFolder();
    insertRunWithEpochs(openTestHistory(dataDir), 0, { count: 10 });
    chmodSync(dataDir, 0o555);
    onTestFinished(() => {
      chmodSync(dataDir, 0o755);
    });
    // Root may write anywhere, so it lets nobody (65534) try.
    const identity = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const { stdout } = spawnSync(process.execPath, [script, 'open', dataDir], identity);
    expect(String(stdout).trim()).toBe('READ_ONLY');
  });
});

describe('a disk that fills up', () => {
  const large = { count: 10_000, classes: 10, mapSize: 7 };

  // Where no file system can be mounted, epochWriter.test.ts limits the file instead.
  it('takes back the epoch that does not fit and nothing else', async (context) => {
    const dataDir = mountSmallDisk(16, context);
    const history = openTestHistory(dataDir);
    history.keepReserve();
    const { id } = history.runs.insert(newRun());
    let epoch = 0;
    const error = await errorOf(() => {
      for (; epoch < 100; epoch += 1) history.insertEpoch(id, makeEpoch(epoch, large));
    });
    expect(error).toMatchObject({ code: 'DISK_FULL' });
    expect(epoch).toBeGreaterThan(1);
    expect(history.epochs.list(id)).toHaveLength(epoch);
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([epoch - 1, 1, 2, 3]);
    expect(history.examples.getEpoch(id, epoch - 1).labels).toHaveLength(large.count);
    expect(await history.verify()).toEqual([]);
    history.runs.delete([id]);
    await history.purge([id]);
    const next = history.runs.insert(newRun()).id;
    expect(history.insertEpoch(next, makeEpoch(0, large))).toBe('stored');
  });
});
