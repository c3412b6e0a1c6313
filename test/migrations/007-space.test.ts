import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const runId = 'abcdefghjkmn';

it('finds out what the maps and weights of epochs take', async () => {
  const dataDir = makeFolderAt(6);
  withDatabase(dataDir, (database) => database.exec(read('./rows-5.sql')));
  const history = openMigrated(dataDir);
  // Each epoch: 40 bytes of predictions, 27 or fewer of maps, and "weights of epoch N".
  const sums = withDatabase(dataDir, (database) =>
    database
      .prepare(
        `SELECT sum(length(predictions)) AS predictions,
           sum(length(maps)) + sum(length(label_maps)) AS maps FROM example_chunks`,
      )
      .get(),
  );
  const weights = 2 * 'weights of epoch 0'.length;
  const sizes = history.space.list()[runId];
  expect(sizes).toEqual({ ...(sums as object), weights, checkpoint: 5, audits: 0 });
  expect(sizes?.predictions).toBe(80);
  expect(history.space.keepsCheckpoints).toBe(false);
  expect(await history.verify()).toEqual([]);
  await history.dropSpentCheckpoints(new AbortController().signal);
  expect(history.checkpoints.has(runId)).toBe(false);
});

it('takes weights that were lost before it for lost, not for given up', async () => {
  const dataDir = makeFolderAt(6);
  withDatabase(dataDir, (database) => {
    database.exec(`${read('./rows-5.sql')}; DELETE FROM weights WHERE epoch = 0`);
  });
  expect(await openMigrated(dataDir).verify()).toEqual([
    expect.stringContaining('epoch 0: its weights are missing') as string,
  ]);
});

/** Rows as the seventh version wrote them; later versions must read them. */
it('keeps reading the rows of schema 7', async () => {
  const dataDir = makeFolderAt(7);
  withDatabase(dataDir, (database) => {
    database.exec(read('./rows-5.sql'));
    database.exec(
      `UPDATE runs SET keep_checkpoint = 1;
       UPDATE epochs SET maps_bytes = 28, weights_bytes = 18;
       UPDATE epochs SET bytes = bytes - 18, weights_bytes = NULL WHERE epoch = 0;
       DELETE FROM weights WHERE epoch = 0`,
    );
  });
  const history = openMigrated(dataDir);
  expect(history.space.list()[runId]).toMatchObject({ maps: 56, weights: 18, checkpoint: 5 });
  expect(history.weights.list(runId)).toEqual([1]);
  await history.dropSpentCheckpoints(new AbortController().signal);
  expect(history.checkpoints.has(runId)).toBe(true);
  expect(await history.verify()).toEqual([]);
});
