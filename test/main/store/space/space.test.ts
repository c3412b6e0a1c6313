import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noSizes } from '../../../../src/core/runSizes.ts';
import type { LongTaskProgress } from '../../../../src/shared/longTask.ts';
import { runHere } from '../../../support/commands.ts';
import { errorOf, insertRunWithEpochs, makeFolder, openTestHistory } from '../fixtures.ts';

const notFound = expect.objectContaining({ code: 'NOT_FOUND' }) as Error;

/** A completed run of epochs 0 to 4, the best of which is the last but one. */
function openWithRun(dataDir = makeFolder()) {
  const history = openTestHistory(dataDir);
  const id = insertRunWithEpochs(history, 4, { count: 50, name: 'done' });
  const database = new Database(join(dataDir, 'history.sqlite'));
  database.exec(
    'UPDATE epochs SET validation_loss = 0 WHERE epoch = 3; UPDATE runs SET best_epoch = 3',
  );
  database.close();
  history.checkpoints.setKept(id, true);
  history.runs.setStatus(id, 'completed');
  return { history, id, dataDir };
}

it('gives up all weights but those of the best and the last epoch, and says so', async () => {
  const { history, id } = openWithRun();
  const before = history.space.list()[id] ?? noSizes;
  const told: LongTaskProgress[] = [];
  const onProgress = (progress: LongTaskProgress): void => {
    told.push(progress);
  };
  await history.space.thin([id], { weights: true, checkpoints: false }, { onProgress });
  expect(history.weights.list(id)).toEqual([3, 4]);
  expect(history.weights.get(id, null).epoch).toBe(3);
  expect(() => history.weights.get(id, 1)).toThrow(notFound);
  expect(history.examples.getEpoch(id, 1).labels).toHaveLength(50);
  expect(await history.verify()).toEqual([]);
  const weights = (before.weights / 5) * 2;
  expect(history.space.list()[id]).toEqual({ ...before, weights });
  expect(told.filter(({ step }) => step === 'Weights').map(({ done }) => done)).toEqual([1, 2, 3]);
  await history.space.thin([id], { weights: true, checkpoints: true });
  expect(history.space.list()[id]).toEqual({ ...before, weights, checkpoint: 0 });
});

it('keeps a checkpoint that was asked for until it is given up', async () => {
  const { history, id, dataDir } = openWithRun();
  await history.dropSpentCheckpoints(new AbortController().signal);
  expect(history.checkpoints.has(id)).toBe(true);
  const bundle = join(dataDir, 'run.afterimage');
  await history.exportBundle([id], bundle);
  const there = openTestHistory();
  await there.importBundle(bundle);
  expect(there.checkpoints.has(id)).toBe(true);
  const paused = insertRunWithEpochs(history, 1);
  history.checkpoints.setKept(paused, true);
  history.runs.setStatus(paused, 'paused');
  await history.space.thin([id, paused], { weights: false, checkpoints: true });
  expect(history.checkpoints.has(id)).toBe(false);
  history.runs.setStatus(paused, 'completed');
  await history.dropSpentCheckpoints(new AbortController().signal);
  expect(history.checkpoints.has(paused)).toBe(true);
  expect(history.weights.list(id)).toHaveLength(5);
});

it('remembers whether new runs keep theirs', () => {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  expect(history.space.keepsCheckpoints).toBe(false);
  history.space.keepsCheckpoints = true;
  expect(openTestHistory(dataDir).info().keepsCheckpoints).toBe(true);
  history.space.keepsCheckpoints = false;
  expect(openTestHistory(dataDir).info().keepsCheckpoints).toBe(false);
});

it('weights that are lost, not given up, are damage', async () => {
  const { history, id, dataDir } = openWithRun();
  const database = new Database(join(dataDir, 'history.sqlite'));
  database.exec('DELETE FROM weights WHERE epoch = 2');
  database.close();
  expect(await history.verify()).toEqual([
    expect.stringContaining('epoch 2: its weights are missing') as string,
  ]);
  await history.space.thin([id], { weights: true, checkpoints: false });
  expect(await history.verify()).toHaveLength(1);
});

it('takes nothing from a run that waits or trains', async () => {
  const { history, id } = openWithRun();
  const queued = insertRunWithEpochs(history, 2);
  const both = { weights: true, checkpoints: true };
  const error = await errorOf(() => history.space.thin([id, queued], both));
  expect(error).toMatchObject({ code: 'CONFLICT' });
  expect(history.weights.list(id)).toHaveLength(5);
  expect(history.space.listThinnable()).toEqual([id]);
});

it('stops between two epochs when it is cancelled', async () => {
  const { history, id } = openWithRun();
  const ending = new AbortController();
  ending.abort();
  const options = { signal: ending.signal };
  await errorOf(() => history.space.thin([id], { weights: true, checkpoints: false }, options));
  expect(history.weights.list(id)).toHaveLength(5);
  expect(await history.verify()).toEqual([]);
});

it('gives the free space of the file back', async () => {
  const dataDir = makeFolder();
  const { history } = openWithRun(dataDir);
  const path = join(dataDir, 'history.sqlite');
  const database = new Database(path);
  database.exec('CREATE TABLE filler (data BLOB); INSERT INTO filler VALUES (zeroblob(8000000))');
  database.exec('DROP TABLE filler');
  expect(history.info().freeBytes).toBeGreaterThan(7.9e6);
  const told: LongTaskProgress[] = [];
  await history.space.compact({ onProgress: (progress) => told.push(progress) });
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  expect(history.info().freeBytes).toBe(0);
  expect(statSync(path).size).toBeLessThan(1e6);
  expect(told.at(-1)).toMatchObject({ step: 'Giving space back' });
  expect(told.every(({ done, total }) => done <= (total ?? 0))).toBe(true);
});

it('is seen and given up on the command line', async () => {
  const { history, id, dataDir } = openWithRun();
  const listed = await runHere(dataDir, 'runs', 'list', '--sizes', '--json');
  const { runs } = JSON.parse(listed.stdout) as { runs: { sizes: unknown }[] };
  expect(runs[0]?.sizes).toEqual(history.space.list()[id]);
  const table = await runHere(dataDir, 'runs', 'list', '--sizes', '--format', 'csv');
  expect(table.stdout.split('\n')[0]).toContain('maps MB,predictions MB,weights MB,checkpoint MB');
  expect(await runHere(dataDir, 'runs', 'thin', 'done')).toMatchObject({ code: 2 });
  expect(await runHere(dataDir, 'runs', 'thin', '--weights')).toMatchObject({ code: 2 });
  expect(await runHere(dataDir, 'runs', 'thin', '--all', '--weights')).toMatchObject({ code: 0 });
  expect(history.weights.list(id)).toEqual([3, 4]);
  const compacted = await runHere(dataDir, 'compact', '--json');
  expect(JSON.parse(compacted.stdout)).toEqual({ bytes: history.info().bytes });
});
