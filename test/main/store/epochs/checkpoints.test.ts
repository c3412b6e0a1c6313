import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Recorder } from '../../../../src/main/training/recorder.ts';
import { openWorkbench } from '../../../../src/main/workbench.ts';
import { insertRunWithEpochs, makeFolder, openTestHistory } from '../fixtures.ts';

it('a run that is done keeps nothing to go on from', () => {
  const history = openTestHistory();
  const id = insertRunWithEpochs(history, 1);
  expect(history.checkpoints.get(id)).not.toBeNull();
  new Recorder(history, id).record({ type: 'completed', reason: 'allEpochs' });
  expect(history.runs.get(id).status).toBe('completed');
  expect(history.checkpoints.get(id)).toBeNull();
});

it('those that earlier versions kept go, and their space with them', async () => {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  const statuses = ['completed', 'stopped', 'paused', 'failed'] as const;
  const ids = statuses.map((status) => {
    const id = insertRunWithEpochs(history, 0, { count: 10 });
    history.checkpoints.replace(id, randomBytes(2 ** 20));
    history.runs.setStatus(id, status);
    return id;
  });
  history.close();
  const bytes = (): number => statSync(join(dataDir, 'history.sqlite')).size;
  const before = bytes();
  // A short command may end before all is done; the next one goes on.
  for (let starts = 0; starts < 3; starts += 1) {
    const workbench = await openWorkbench({ dataDir, jobs: 1 });
    for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
    await workbench.close();
  }
  expect(bytes()).toBeLessThan(before - 1.9e6);
  const after = openTestHistory(dataDir);
  expect(ids.map((id) => after.checkpoints.get(id)?.length)).toEqual([
    undefined,
    undefined,
    2 ** 20,
    2 ** 20,
  ]);
  expect(await after.verify()).toEqual([]);
});

it('only that of a run which is to be trained further outlives its end, and of no other', () => {
  const history = openTestHistory();
  const { checkpoints } = history;
  const [kept, other, unkept, paused] = ['kept', 'other', 'unkept', 'paused'].map((name) =>
    insertRunWithEpochs(history, 0, { name, count: 5 }),
  ) as [string, string, string, string];
  for (const id of [kept, unkept]) checkpoints.setKept(id, true);
  checkpoints.setKept(unkept, false);
  for (const id of [kept, other, unkept]) history.runs.setStatus(id, 'completed');
  history.runs.setStatus(paused, 'paused');
  const all = [kept, other, unkept, paused];
  expect(checkpoints.countSpent()).toBe(2);
  checkpoints.removeIfSpent(kept);
  checkpoints.removeIfSpent(paused);
  expect(all.map((id) => checkpoints.has(id))).toEqual([true, true, true, true]);
  checkpoints.removeIfSpent(unkept);
  expect(all.map((id) => checkpoints.has(id))).toEqual([true, true, false, true]);
  expect(checkpoints.countSpent()).toBe(1);
  history.runs.setStatus(kept, 'stopped');
  expect(checkpoints.countSpent()).toBe(2);
  checkpoints.removeSpent();
  expect(checkpoints.countSpent()).toBe(1);
  checkpoints.removeSpent();
  expect(all.map((id) => checkpoints.has(id))).toEqual([false, false, false, true]);
});

it('each run has its own, replaced and removed alone', () => {
  const history = openTestHistory();
  const { checkpoints } = history;
  const [a, b] = ['a', 'b'].map((name) => insertRunWithEpochs(history, 0, { name, count: 5 })) as [
    string,
    string,
  ];
  checkpoints.replace(a, new Uint8Array([7]));
  expect([a, b].map((id) => [...(checkpoints.get(id) ?? [])])).toEqual([[7], [0, 1, 2, 3]]);
  checkpoints.remove(a);
  expect([a, b].map((id) => checkpoints.has(id))).toEqual([false, true]);
  expect(checkpoints.get(a)).toBeNull();
});
