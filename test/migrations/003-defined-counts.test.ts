import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const rows = readFileSync(new URL('./rows-1.sql', import.meta.url), 'utf8');

const counts = (dataDir: string): unknown[] =>
  openMigrated(dataDir)
    .epochs.list('abcdefghjkmn')
    .map(({ epoch, testImages, mapMeans, numericsVersion }) => ({
      epoch,
      testImages,
      undefinedEnergies: mapMeans.energyInside?.undefinedImages,
      undefinedIous: mapMeans.iou?.undefinedImages,
      numericsVersion,
    }));

it('says of epochs from before it that version 1 computed them, and over how many images', () => {
  const dataDir = makeFolderAt(2);
  withDatabase(dataDir, (database) => {
    database.exec(rows);
    database.exec('UPDATE epochs SET zero_maps = 1 WHERE epoch = 1');
    // Both images are brighter than 0.5 somewhere.
    database.exec("UPDATE example_sets SET mask_area = x'0000803e0000003f'");
  });
  expect(counts(dataDir)).toEqual([
    { epoch: 0, testImages: 2, undefinedEnergies: 0, undefinedIous: 0, numericsVersion: 1 },
    { epoch: 1, testImages: 2, undefinedEnergies: 1, undefinedIous: 0, numericsVersion: 1 },
  ]);
});

it('counts what is stored as undefined where an image is dark', () => {
  const dataDir = makeFolderAt(2);
  withDatabase(dataDir, (database) => {
    database.exec(rows);
    database.exec("UPDATE example_sets SET mask_area = x'0000803e00000000'");
    // Probabilities 4, correlations 2, energies (NaN, 0), IoUs (NaN, NaN).
    database.exec(
      `UPDATE example_chunks SET predictions =
         x'0000003f0000003f0000403f0000803e0000003f0000c07f0000c07f000000000000c07f0000c07f'
       WHERE epoch = 1`,
    );
  });
  expect(counts(dataDir)).toMatchObject([
    { epoch: 0, undefinedEnergies: 0, undefinedIous: 1 },
    { epoch: 1, undefinedEnergies: 1, undefinedIous: 2 },
  ]);
});

/** Rows as the third version wrote them; later versions must read them. */
it('keeps reading the rows of schema 3', async () => {
  const dataDir = makeFolderAt(3);
  const own = readFileSync(new URL('./rows-3.sql', import.meta.url), 'utf8');
  withDatabase(dataDir, (database) => database.exec(rows + own));
  expect(counts(dataDir)).toMatchObject([
    { epoch: 0, testImages: 2, numericsVersion: 2 },
    { epoch: 1, testImages: 2, undefinedEnergies: 1, undefinedIous: 2, numericsVersion: 2 },
  ]);
  expect(await openMigrated(dataDir).verify()).toEqual([]);
});
