import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { presets } from '../../src/core/config/presets.ts';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

it('makes the whole schema in an empty folder', () => {
  const dataDir = makeFolderAt(0);
  const history = openMigrated(dataDir);
  const config = presets['mnist-c'];
  const run = history.runs.insert({ name: 'first', experiment: 'e', config, seed: 1 });
  expect(history.runs.list()).toEqual([run]);
  const tables = withDatabase(dataDir, (database) =>
    database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all(),
  );
  expect(tables.map((row) => (row as { name: string }).name)).toEqual([
    'audits',
    'changes',
    'checkpoints',
    'datasets',
    'epochs',
    'example_chunks',
    'example_marks',
    'example_sets',
    'figures',
    'meta',
    'remote_runs',
    'run_tags',
    'runs',
    'saved_filters',
    'splits',
    'studies',
    'study_runs',
    'submissions',
    'weights',
  ]);
});

/** Rows as the first version wrote them; later versions must read them. */
it('keeps reading the rows of schema 1', async () => {
  const dataDir = makeFolderAt(1);
  const sql = readFileSync(new URL('./rows-1.sql', import.meta.url), 'utf8');
  withDatabase(dataDir, (database) => database.exec(sql));
  const history = openMigrated(dataDir);
  expect(await history.verify()).toEqual([]);
  const [run] = history.runs.list();
  expect(run).toMatchObject({
    id: 'abcdefghjkmn',
    name: 'paper run',
    status: 'completed',
    tags: ['kept'],
    note: 'written long ago',
    bestEpoch: 1,
    epochs: [{ epoch: 0 }, { epoch: 1, validationLoss: 0.25 }],
  });
  const [frame] = history.examples.listFrames('abcdefghjkmn', 4, 1, 'label');
  expect(frame).toEqual({
    epoch: 1,
    targetClass: 1,
    mapSize: 2,
    levels: Uint8Array.of(4, 3, 2, 1),
    scale: 2,
    confidence: 0.75,
    predictedClass: 0,
  });
  expect(history.examples.getHistory('abcdefghjkmn', 9).predictedLevels).toEqual(
    Uint8Array.of(0, 64, 128, 255, 255, 128, 64, 0),
  );
  expect(history.splits.get('abcdefghjkmn')?.split.test).toEqual(Uint32Array.of(4, 9));
  expect(history.datasets.get('mnist')?.classNames).toEqual(['zero', 'one']);
  expect(history.filters.list()).toEqual([{ name: 'good ones', query: 'tag=kept' }]);
});
