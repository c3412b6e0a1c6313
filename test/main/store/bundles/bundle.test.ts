import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { packBundle } from '../../../../src/main/store/bundles/bundleFile.ts';
import { DataFolder } from '../../../../src/main/store/database/dataFolder.ts';
import { openForReading } from '../../../../src/main/store/database/openDatabase.ts';
import { historyFileName, History } from '../../../../src/main/store/history.ts';
import { makeFolderAt, withDatabase } from '../../../migrations/harness.ts';
import {
  datasetRecord,
  engine,
  errorOf,
  insertRunWithEpochs,
  makeFolder,
  makeSplit,
  openTestHistory,
  version,
} from '../fixtures.ts';

const headerLength = 'afterimage-bundle-1\n'.length + 65;

/** A history with two full runs, and a bundle of the first. */
async function makeBundle() {
  const history = openTestHistory();
  history.datasets.insert(datasetRecord);
  const id = insertRunWithEpochs(history, 2, { name: 'travels' });
  history.splits.assign(id, datasetRecord.id, makeSplit());
  history.tags.change(id, { add: ['a', 'b'] });
  history.runs.setNote(id, 'a note');
  history.runs.setStarted(id, engine, { node: '24' });
  history.runs.setStatus(id, 'paused');
  const other = insertRunWithEpochs(history, 1, { count: 20 });
  const folder = makeFolder();
  const path = join(folder, 'run.afterimage');
  await history.exportBundle([id], path);
  return { history, id, other, folder, path };
}

/** Everything that a bundle carries of a run. */
const readAll = (history: History, id: string): unknown => ({
  run: history.runs.get(id),
  setup: history.runs.getSetup(id),
  data: history.splits.get(id),
  checkpoint: history.checkpoints.get(id),
  epochs: history.epochs.list(id).map(({ epoch }) => ({
    weights: history.weights.get(id, epoch),
    examples: history.examples.getEpoch(id, epoch),
  })),
  one: history.examples.getHistory(id, 3),
});

/** Changes the database inside a bundle and makes the checksum fit again. */
function forge(path: string, sql: string): void {
  const inside = `${path}.sqlite`;
  writeFileSync(inside, readFileSync(path).subarray(headerLength));
  const database = new Database(inside);
  database.exec(sql);
  database.close();
  const content = readFileSync(inside);
  const digest = createHash('sha256').update(content).digest('hex');
  writeFileSync(path, Buffer.concat([Buffer.from(`afterimage-bundle-1\n${digest}\n`), content]));
}

async function expectRefused(path: string, code: string, message?: RegExp): Promise<void> {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  const error = await errorOf(() => history.importBundle(path));
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(path);
  if (message) expect(error.message).toMatch(message);
  expect(history.runs.list()).toEqual([]);
  const left = readdirSync(dataDir).filter((name) => !name.startsWith('history.sqlite'));
  expect(left).toEqual(['locks']);
}

/** Files below a folder that this process holds open, one that was removed among them. */
const listOpen = (folder: string): string[] =>
  readdirSync('/proc/self/fd')
    .flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/self/fd/${descriptor}`)];
      } catch {
        // The one that this listing itself had open.
        return [];
      }
    })
    // A process keeps the lock that tells it alive for as long as it is.
    .filter((path) => path.startsWith(folder) && !path.includes('/locks/'))
    .sort();

describe('a bundle', () => {
  it.runIf(process.platform === 'linux')(
    'leaves no file open that it came in by, accepted or refused',
    async () => {
      const { path } = await makeBundle();
      const dataDir = makeFolder();
      const history = openTestHistory(dataDir);
      const before = listOpen(dataDir);
      await history.importBundle(path);
      const after = listOpen(dataDir);
      expect(new Set(after)).toEqual(new Set(before));
      // SQLite keeps a descriptor for the next connection to the same file: there is never another.
      await history.importBundle(path);
      expect(listOpen(dataDir)).toEqual(after);
      forge(path, 'UPDATE runs SET status = 5');
      await expect(history.importBundle(path)).rejects.toThrow();
      expect(listOpen(dataDir)).toEqual(after);
    },
  );

  it('carries whole runs to another history', async () => {
    const { history, id, folder, path } = await makeBundle();
    expect(readdirSync(folder)).toEqual(['run.afterimage']);
    const there = openTestHistory();
    insertRunWithEpochs(there, 0, { count: 7 });
    expect(await there.importBundle(path)).toMatchObject({
      imported: [id],
      skipped: [],
      inBin: [],
    });
    expect(readAll(there, id)).toEqual(readAll(history, id));
    expect(await there.verify()).toEqual([]);
  });

  it('brings the record of a data set, not the data set', async () => {
    const { id, path } = await makeBundle();
    const there = openTestHistory();
    const namesake = { ...datasetRecord, id: 'ef'.repeat(32) };
    there.datasets.insert(namesake);
    await there.importBundle(path);
    expect(there.datasets.list()).toEqual([namesake]);
    expect(there.datasets.get(datasetRecord.id)).toBeNull();
    expect(there.splits.get(id)?.dataset).toEqual(datasetRecord);
    const renamed = { ...datasetRecord, name: 'now here' };
    there.datasets.insert(renamed);
    expect(there.datasets.get(datasetRecord.id)).toEqual(renamed);
  });

  it('brings all its runs at once, or, where it is broken off, none', async () => {
    const { history, id, other, folder } = await makeBundle();
    const path = join(folder, 'both.afterimage');
    await history.exportBundle([id, other], path);
    const there = openTestHistory();
    const seen: number[] = [];
    const broken = new AbortController();
    const importing = there.importBundle(path, {
      signal: broken.signal,
      onProgress: ({ step }) => {
        if (!step.startsWith('Storing')) return;
        seen.push(there.runs.list().length + there.runs.list({ deleted: true }).length);
        if (step.endsWith(other)) broken.abort();
      },
    });
    expect(await errorOf(() => importing)).toMatchObject({ name: 'AbortError' });
    // The first run's three epochs had been stored when the second run's was.
    expect(seen.length).toBeGreaterThan(3);
    expect(new Set(seen)).toEqual(new Set([0]));
    expect(() => there.runs.get(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(there.info().runSizes).toEqual({});
    expect(await there.verify()).toEqual([]);
    expect(await there.importBundle(path)).toEqual({
      imported: [id, other],
      skipped: [],
      inBin: [],
      absent: [datasetRecord],
    });
    expect(readAll(there, id)).toEqual(readAll(history, id));
  });

  it('skips runs that are there already', async () => {
    const { history, id, other, folder } = await makeBundle();
    const path = join(folder, 'both.afterimage');
    await history.exportBundle([id, other, id], path);
    const there = openTestHistory();
    expect(await there.importBundle(path)).toEqual({
      imported: [id, other],
      skipped: [],
      inBin: [],
      absent: [datasetRecord],
    });
    there.runs.rename(id, 'renamed');
    there.runs.delete([id]);
    there.runs.delete([other]);
    await there.purge([other]);
    expect(await there.importBundle(path)).toMatchObject({
      imported: [other],
      skipped: [id],
      inBin: [id],
    });
    expect(there.runs.get(id)).toMatchObject({ name: 'renamed' });
    expect(await history.importBundle(path)).toMatchObject({
      imported: [],
      skipped: [id, other],
      inBin: [],
    });
  });

  it('carries no checkpoint of a run that cannot go on', async () => {
    const { history, id, folder } = await makeBundle();
    history.runs.setStatus(id, 'completed');
    const path = join(folder, 'done.afterimage');
    await history.exportBundle([id], path);
    const there = openTestHistory();
    await there.importBundle(path);
    expect(there.checkpoints.get(id)).toBeNull();
    expect(await there.verify()).toEqual([]);
  });

  it('is read by nobody else, and written where a link leads', async () => {
    const { history, id, folder, path } = await makeBundle();
    const link = join(folder, 'link');
    symlinkSync('run.afterimage', link);
    await history.exportBundle([id], link);
    expect(readlinkSync(link)).toBe('run.afterimage');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('carries a run in training as an interrupted one', async () => {
    const { history, other, folder } = await makeBundle();
    history.runs.setStatus(other, 'running');
    const path = join(folder, 'live.afterimage');
    await history.exportBundle([other], path);
    const there = openTestHistory();
    await there.importBundle(path);
    expect(there.runs.get(other).status).toBe('interrupted');
    expect(there.owners.isOwnedElsewhere(other)).toBe(false);
    expect(there.queue.list()).toEqual([]);
  });

  it('is refused when it was cut short or changed, wherever', async () => {
    const { path } = await makeBundle();
    const whole = readFileSync(path);
    for (const length of [0, 10, 60, headerLength, headerLength + 5000, whole.length - 1]) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      await expectRefused(path, 'CORRUPT_INPUT');
    }
    for (const at of [3, 30, headerLength, headerLength + 9000, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      await expectRefused(path, 'CORRUPT_INPUT');
    }
  });

  it.each([
    ['DELETE FROM epochs WHERE epoch = 1', /epoch 1 is missing/],
    ['PRAGMA foreign_keys = OFF; DELETE FROM epochs', /point to no row of epochs/],
    ["UPDATE weights SET data = x'00'", /weights are not what was stored/],
    ['CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END', /triggers or views/],
    ['CREATE VIEW v AS SELECT 1', /triggers or views/],
    ['CREATE TABLE extra (x)', /tables are not those of a history/],
    ['DELETE FROM runs', /it holds no run/],
    ["UPDATE runs SET id = '../../escape'", /record is not that of a run/],
    ["UPDATE runs SET config = '{}'", /configuration cannot be read: model/],
    [
      "UPDATE runs SET config = json_set(config, '$.version', 9)",
      /configuration has version 9; this version of Afterimage reads up to 2/,
    ],
    ["UPDATE runs SET config = '{'", /record of run \w+ cannot be read/],
    ["UPDATE runs SET environment = '{'", /environment of run \w+ cannot be read/],
    ["UPDATE runs SET environment = '[1]'", /environment of run \w+ is not one/],
    ["UPDATE runs SET requested_engine = 'steam'", /engine that was asked for is none/],
    ['PRAGMA application_id = 7', /not a whole Afterimage bundle/],
  ])('is refused when it was forged: %s', async (sql, message) => {
    const { path } = await makeBundle();
    forge(path, sql);
    await expectRefused(path, 'CORRUPT_INPUT', message);
  });

  it('is refused where SQLite itself cannot tell what it is', async () => {
    const { path } = await makeBundle();
    const whole = readFileSync(path);
    // Of SQLite's header: the format of the schema, which is 1 to 4.
    whole[headerLength + 47] = 200;
    const content = whole.subarray(headerLength);
    const digest = createHash('sha256').update(content).digest('hex');
    writeFileSync(path, Buffer.concat([Buffer.from(`afterimage-bundle-1\n${digest}\n`), content]));
    await expectRefused(path, 'CORRUPT_INPUT', /unsupported file format/);
  });

  it('is refused when a later version wrote it', async () => {
    const { path } = await makeBundle();
    forge(path, "PRAGMA user_version = 99; UPDATE meta SET value = '9.9.9'");
    await expectRefused(path, 'NEWER_VERSION', /9\.9\.9/);
    writeFileSync(path, 'afterimage-bundle-3\nwho knows what');
    await expectRefused(path, 'NEWER_VERSION');
  });

  it('replaces an earlier bundle and nothing else', async () => {
    const { history, id, other, folder, path } = await makeBundle();
    await history.exportBundle([id, other], path);
    expect(await openTestHistory().importBundle(path)).toMatchObject({ imported: [id, other] });
    const thesis = join(folder, 'thesis.txt');
    writeFileSync(thesis, 'my thesis');
    expect(await errorOf(() => history.exportBundle([id], thesis))).toMatchObject({
      code: 'CONFLICT',
    });
    expect(readFileSync(thesis, 'utf8')).toBe('my thesis');
    expect(await errorOf(() => history.exportBundle([id], folder))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(folder) as string,
    });
  });

  it('of a history that nothing can be written beside is made as of any other', async () => {
    const dataDir = makeFolder();
    const written = openTestHistory(dataDir);
    const id = insertRunWithEpochs(written, 1, { count: 10 });
    const expected = readAll(written, id);
    written.close();
    const historyPath = join(dataDir, historyFileName);
    const folder = new DataFolder(dataDir, openForReading(historyPath), null);
    const history = new History(folder, { dataDir, version });
    const before = readdirSync(dataDir);
    const beside: string[] = [];
    const path = join(makeFolder(), 'run.afterimage');
    await history.exportBundle([id], path, {
      onProgress: () => beside.push(...readdirSync(dataDir)),
    });
    // SQLite would put a log and its index there.
    expect(new Set(beside)).toEqual(new Set(before));
    history.close();
    const there = openTestHistory();
    await there.importBundle(path);
    expect({ ...(readAll(there, id) as object), run: null }).toEqual({
      ...(expected as object),
      run: null,
    });
  });

  it('says which file or run is not there', async () => {
    const { history, id, folder } = await makeBundle();
    const path = join(folder, 'none');
    expect(await errorOf(() => history.importBundle(path))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await errorOf(() => history.exportBundle([id, 'nosuchrun'], path))).toMatchObject({
      code: 'NOT_FOUND',
    });
    const nowhere = join(folder, 'no', 'where');
    expect(await errorOf(() => history.exportBundle([id], nowhere))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(readdirSync(folder)).toEqual(['run.afterimage']);
  });
});

describe('a bundle that an earlier version exported', () => {
  it('is brought up to date as it comes in, configuration and all', async () => {
    const dataDir = makeFolderAt(3);
    withDatabase(dataDir, (database) => {
      for (const name of ['rows-1.sql', 'rows-3.sql']) {
        database.exec(
          readFileSync(new URL(`../../../migrations/${name}`, import.meta.url), 'utf8'),
        );
      }
      database.pragma('journal_mode = DELETE');
    });
    const path = join(makeFolder(), 'old.afterimage');
    await packBundle(join(dataDir, historyFileName), path, 'runs');
    const history = openTestHistory();
    expect(await history.importBundle(path)).toMatchObject({
      imported: ['abcdefghjkmn'],
      skipped: [],
    });
    expect(history.runs.get('abcdefghjkmn').config).toEqual(presets['mnist-c']);
    expect(await history.verify()).toEqual([]);
  });
});
