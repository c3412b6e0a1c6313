import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { DatasetLibrary } from '../../../../src/main/datasets/library.ts';
import type { History } from '../../../../src/main/store/history.ts';
import { makeIdxFiles, writeFiles } from '../../datasets/builders.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeFolder,
  makeSplit,
  openTestHistory,
} from '../fixtures.ts';

function openFolder(): { history: History; library: DatasetLibrary } {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  return { history, library: new DatasetLibrary(join(dataDir, 'datasets'), history.datasets) };
}

async function importSet(library: DatasetLibrary, name: string, images: number) {
  const source = makeFolder();
  await writeFiles(source, makeIdxFiles(images, 4));
  return library.import({ format: 'idx', path: source, name });
}

/** A run, its data set, and both in a bundle. */
async function makeBundle() {
  const { history, library } = openFolder();
  const record = await importSet(library, 'tiny', 10);
  const id = insertRunWithEpochs(history, 1);
  history.splits.assign(id, record.id, makeSplit());
  history.runs.setStatus(id, 'paused');
  const path = join(makeFolder(), 'with data');
  await history.exportBundle([id], path, { datasets: library });
  return { history, library, record, id, path };
}

it('a bundle with its data brings the set into the library', async () => {
  const { record, id, library, path } = await makeBundle();
  const there = openFolder();
  const result = await there.history.importBundle(path, { datasets: there.library });
  expect(result).toEqual({ imported: [id], skipped: [], inBin: [], absent: [] });
  expect(there.history.datasets.list()).toEqual([record]);
  expect(await there.library.load(record)).toEqual(await library.load(record));
  expect(await there.library.verify()).toEqual([]);
  expect(await there.history.verify()).toEqual([]);
});

it('where another set has its name, it gets one of its own', async () => {
  const { record, path } = await makeBundle();
  const there = openFolder();
  const other = await importSet(there.library, 'tiny', 12);
  await there.history.importBundle(path, { datasets: there.library });
  const names = there.history.datasets.list().map(({ id, name }) => [id, name]);
  expect(names).toEqual([
    [other.id, 'tiny'],
    [record.id, `tiny ${record.id.slice(0, 12)}`],
  ]);
});

it('a bundle without says which set is missing', async () => {
  const { history, record, id, path } = await makeBundle();
  await history.exportBundle([id], path);
  expect(readFileSync(path).toString('latin1', 0, 20)).toBe('afterimage-bundle-1\n');
  const there = openFolder();
  const result = await there.history.importBundle(path, { datasets: there.library });
  expect(result).toMatchObject({ imported: [id], absent: [record] });
});

it('is refused where its data is not what its runs know', async () => {
  const { path } = await makeBundle();
  const header = 'afterimage-bundle-2\n'.length + 65;
  const inside = `${path}.sqlite`;
  writeFileSync(inside, readFileSync(path).subarray(header));
  const database = new Database(inside);
  database.exec('UPDATE dataset_files SET data = zeroblob(length(data))');
  database.close();
  const content = readFileSync(inside);
  const digest = createHash('sha256').update(content).digest('hex');
  writeFileSync(path, Buffer.concat([Buffer.from(`afterimage-bundle-2\n${digest}\n`), content]));
  const there = openFolder();
  const error = await errorOf(() => there.history.importBundle(path, { datasets: there.library }));
  expect(error).toMatchObject({ code: 'CORRUPT_INPUT' });
  expect(there.history.runs.list()).toEqual([]);
  expect(there.history.datasets.list()).toEqual([]);
});

it('is not written where the images are not here', async () => {
  const { id, path } = await makeBundle();
  const there = openFolder();
  await there.history.importBundle(path);
  const target = join(makeFolder(), 'again');
  const error = await errorOf(() =>
    there.history.exportBundle([id], target, { datasets: there.library }),
  );
  expect(error).toMatchObject({ code: 'NOT_FOUND' });
});
