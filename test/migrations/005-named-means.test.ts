import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const runId = 'abcdefghjkmn';

it('names terms and means that had columns, with every digit', async () => {
  const dataDir = makeFolderAt(3);
  withDatabase(dataDir, (database) => {
    database.exec(read('./rows-1.sql') + read('./rows-3.sql'));
    database.exec(
      `UPDATE epochs SET cross_entropy = 0.1234567890123457, contrastive = 1e-300,
         validation_cross_entropy = 2, validation_contrastive = 3.5,
         input_correlation = -0.1, energy_inside = NULL, undefined_correlations = 1
       WHERE epoch = 1`,
    );
  });
  const history = openMigrated(dataDir);
  const [untrained, trained] = history.epochs.list(runId);
  expect(untrained?.terms.train).toEqual({});
  expect(Object.keys(untrained?.terms.validation ?? {})).toEqual(['crossEntropy']);
  expect(trained?.terms).toEqual({
    train: { crossEntropy: 0.1234567890123457, contrastive: 1e-300 },
    validation: { crossEntropy: 2, contrastive: 3.5 },
  });
  expect(trained?.mapMeans).toMatchObject({
    inputCorrelation: { mean: -0.1, undefinedImages: 1 },
    energyInside: { mean: null, undefinedImages: 1 },
    iou: { undefinedImages: 2 },
  });
  expect(await history.verify()).toEqual([]);
});

it('reads the arrays of each image by the names that its epoch recorded', () => {
  const dataDir = makeFolderAt(3);
  withDatabase(dataDir, (database) => {
    database.exec(read('./rows-1.sql') + read('./rows-3.sql'));
  });
  const before = openMigrated(dataDir).examples.getEpoch(runId, 1).measures;
  // As if another version had stored the columns in another order, one of them unknown here.
  withDatabase(dataDir, (database) => {
    database.exec(
      `UPDATE epochs SET map_means =
         '{"iou":{"mean":null,"undefinedImages":0},"unheardOf":{"mean":0,"undefinedImages":0},"inputCorrelation":{"mean":0,"undefinedImages":0}}'
       WHERE epoch = 1`,
    );
  });
  const after = openMigrated(dataDir).examples.getEpoch(runId, 1).measures;
  expect(after.iou).toEqual(before.inputCorrelation);
  expect(after.inputCorrelation).toEqual(before.iou);
  expect([...after.energyInside]).toEqual(Array.from(before.energyInside, () => Number.NaN));
});

/** Rows as the fifth version wrote them; later versions must read them. */
it('keeps reading the rows of schema 5', async () => {
  const dataDir = makeFolderAt(5);
  withDatabase(dataDir, (database) => database.exec(read('./rows-5.sql')));
  const history = openMigrated(dataDir);
  expect(history.epochs.list(runId)).toMatchObject([
    { epoch: 0, terms: { train: {}, validation: { crossEntropy: 2.25 } } },
    { epoch: 1, terms: { train: { crossEntropy: 0.5 } }, mapMeans: { iou: { mean: 0.125 } } },
  ]);
  expect(await history.verify()).toEqual([]);
});
