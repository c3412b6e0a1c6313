import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseFigureSpec } from '../../src/core/figures/spec.ts';
import { bringTo, makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const rowsOf = (version: number): string =>
  readFileSync(new URL(`./rows-${version}.sql`, import.meta.url), 'utf8');

it('gives a history from before it an empty list of figures, and leaves its rows alone', async () => {
  const dataDir = makeFolderAt(1);
  withDatabase(dataDir, (database) => database.exec(rowsOf(1)));
  const dump = (): Record<string, unknown>[] =>
    withDatabase(dataDir, (database) =>
      ['runs', 'epochs', 'weights', 'example_chunks', 'saved_filters'].flatMap(
        (table) => database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[],
      ),
    );
  const before = dump();
  bringTo(2, dataDir);
  expect(dump()).toEqual(before);
  const history = openMigrated(dataDir);
  expect(history.figures.list()).toEqual([]);
  const spec = parseFigureSpec({ template: 'cam-pair', run: 'abcdefghjkmn', example: 4 });
  const { id } = history.figures.insert('Figure 1', spec);
  expect(history.figures.get(id)).toMatchObject({ name: 'Figure 1', specification: spec });
  expect(await history.verify()).toEqual([]);
});

/** Rows as the second version wrote them; later versions must read them. */
it('keeps reading the rows of schema 2', async () => {
  const dataDir = makeFolderAt(2);
  withDatabase(dataDir, (database) => database.exec(rowsOf(1) + rowsOf(2)));
  const history = openMigrated(dataDir);
  expect(history.figures.list()).toEqual([
    {
      id: 'fabcdefghjkm',
      name: 'Figure 3',
      specification: { template: 'cam-pair', run: 'abcdefghjkmn', example: 4 },
      createdAt: '2026-02-03T04:05:06.789Z',
      changedAt: '2026-02-04T04:05:06.789Z',
    },
  ]);
  expect(await history.verify()).toEqual([]);
});
