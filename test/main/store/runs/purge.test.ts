import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  datasetRecord,
  insertRunWithEpochs,
  makeFolder,
  makeSplit,
  newRun,
  openTestHistory,
} from '../fixtures.ts';

const conflict = expect.objectContaining({ code: 'CONFLICT' }) as Error;

it('removes runs with everything that hangs on them, and gives the space back', async () => {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  history.datasets.insert(datasetRecord);
  const kept = insertRunWithEpochs(history, 1, { count: 50 });
  const before = new Database(join(dataDir, 'history.sqlite'));
  const pages = (): number => Number(before.pragma('page_count', { simple: true }));
  const small = pages();
  const gone = insertRunWithEpochs(history, 4, { count: 2000, mapSize: 7 });
  history.tags.change(gone, { add: ['x'] });
  history.splits.assign(kept, datasetRecord.id, makeSplit(50));
  history.splits.assign(gone, datasetRecord.id, makeSplit(2000));
  expect(pages()).toBeGreaterThan(small + 200);
  const keptRun = history.runs.get(kept);
  history.runs.delete([gone]);
  await history.purge([gone]);
  expect(() => history.runs.get(gone)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  expect(history.runs.get(kept)).toEqual(keptRun);
  expect(history.splits.get(kept)?.split).toEqual(makeSplit(50));
  expect(history.datasets.list()).toEqual([datasetRecord]);
  expect(await history.verify()).toEqual([]);
  expect(pages()).toBeLessThan(small + 20);
  for (const table of ['run_tags', 'example_sets', 'example_chunks', 'weights', 'checkpoints']) {
    const orphans = before.prepare(
      `SELECT count(*) AS n FROM ${table} WHERE run_key NOT IN (SELECT run_key FROM runs)`,
    );
    expect(orphans.get()).toEqual({ n: 0 });
  }
  expect(before.prepare('SELECT count(*) AS n FROM splits').get()).toEqual({ n: 1 });
  before.close();
});

it('works in steps: the run is out of reach at once, and others are heard before the end', async () => {
  const history = openTestHistory();
  const gone = insertRunWithEpochs(history, 3);
  history.runs.delete([gone]);
  let turns = 0;
  const turn = setInterval(() => (turns += 1), 0);
  const purge = history.purge([gone]);
  expect(history.runs.list({ deleted: true })).toEqual([]);
  expect(history.epochs.list(gone).length).toBeGreaterThan(0);
  history.runs.restore([gone]);
  expect(history.runs.list()).toEqual([]);
  expect(await history.verify()).toEqual([]);
  await purge;
  clearInterval(turn);
  expect(turns).toBeGreaterThan(0);
  expect(() => history.runs.get(gone)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

it('touches nothing unless all the runs lie in the bin', async () => {
  const history = openTestHistory();
  const [a = '', b = ''] = history.runs.insertAll([newRun(), newRun()]).map(({ id }) => id);
  history.runs.delete([a]);
  await expect(history.purge([a, b])).rejects.toThrow(conflict);
  expect(history.runs.list({ deleted: true })).toHaveLength(1);
});
