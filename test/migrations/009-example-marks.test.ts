import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const datasetId = '12'.repeat(32);

it('gives a history from before it no tags, and takes and keeps some', async () => {
  const dataDir = makeFolderAt(5);
  withDatabase(dataDir, (database) => database.exec(read('./rows-5.sql')));
  const history = openMigrated(dataDir);
  expect(history.exampleMarks.list(datasetId)).toEqual([]);
  history.exampleMarks.change(datasetId, { exampleId: 4, add: ['odd'], note: 'a seven' });
  expect(history.exampleMarks.list(datasetId)).toEqual([
    { exampleId: 4, tags: ['odd'], note: 'a seven' },
  ]);
  expect(await history.verify()).toEqual([]);
});

/** Rows as schema 9 holds them; later versions must read them. */
it('keeps reading the rows of schema 9', () => {
  const dataDir = makeFolderAt(9);
  withDatabase(dataDir, (database) =>
    database.exec(
      `INSERT INTO example_marks (dataset_id, split, example_id, tags, note)
       VALUES ('${datasetId}', 'test', 9, '["ambiguous","odd"]', 'four or nine')`,
    ),
  );
  expect(openMigrated(dataDir).exampleMarks.list(datasetId)).toEqual([
    { exampleId: 9, tags: ['ambiguous', 'odd'], note: 'four or nine' },
  ]);
});
