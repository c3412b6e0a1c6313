import Database from 'better-sqlite3';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHistory } from '../../../../src/main/store/history.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeFolder,
  newRun,
  openTestHistory,
  version,
} from '../fixtures.ts';

const fileOf = (dataDir: string): string => join(dataDir, 'history.sqlite');

function edit(dataDir: string, sql: string): void {
  const database = new Database(fileOf(dataDir));
  database.exec(sql);
  database.close();
}

describe('opening a history', () => {
  it('makes the folder and a file with the settings that it needs', () => {
    const dataDir = join(makeFolder(), 'a', 'b');
    openTestHistory(dataDir).runs.insert(newRun());
    const database = new Database(fileOf(dataDir), { readonly: true });
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('auto_vacuum', { simple: true })).toBe(2);
    expect(database.pragma('user_version', { simple: true })).toBeGreaterThan(0);
    expect(database.pragma('application_id', { simple: true })).toBe(0x4146494d);
    database.close();
  });

  it('finds everything again', () => {
    const dataDir = makeFolder();
    const first = openHistory({ dataDir, version });
    const id = insertRunWithEpochs(first, 1, { count: 10 });
    const run = first.runs.get(id);
    first.close();
    expect(openTestHistory(dataDir).runs.get(id)).toEqual(run);
  });

  it.each([0, 1, 511])('refuses a file of %i bytes, which was one', async (bytes) => {
    const dataDir = makeFolder();
    openHistory({ dataDir, version }).close();
    truncateSync(fileOf(dataDir), bytes);
    const error = await errorOf(() => openHistory({ dataDir, version }));
    expect(error).toMatchObject({ code: 'CORRUPT_HISTORY' });
    expect(statSync(fileOf(dataDir)).size).toBe(bytes);
  });

  it('refuses to begin anew where the log of a lost history lies', async () => {
    const dataDir = makeFolder();
    const history = openHistory({ dataDir, version });
    history.runs.insert(newRun());
    const log = readFileSync(`${fileOf(dataDir)}-wal`);
    history.close();
    rmSync(fileOf(dataDir));
    writeFileSync(`${fileOf(dataDir)}-wal`, log);
    const error = await errorOf(() => openHistory({ dataDir, version }));
    expect(error).toMatchObject({ code: 'CORRUPT_HISTORY' });
    expect(readFileSync(`${fileOf(dataDir)}-wal`).equals(log)).toBe(true);
    expect(existsSync(fileOf(dataDir))).toBe(false);
  });

  it('lets nobody else read what it makes', () => {
    const dataDir = join(makeFolder(), 'new');
    openTestHistory(dataDir).runs.insert(newRun());
    const modeOf = (path: string): number => statSync(path).mode & 0o777;
    expect([dataDir, join(dataDir, 'locks')].map(modeOf)).toEqual([0o700, 0o700]);
    const files = ['', '-wal', '-shm'].map((suffix) => fileOf(dataDir) + suffix);
    expect(files.map(modeOf)).toEqual([0o600, 0o600, 0o600]);
  });

  it.runIf(process.platform === 'linux')('says at once where there can be no folder', async () => {
    for (const dataDir of ['/proc/afterimage/a/b', join(makeFolder(), 'x'.repeat(300))]) {
      const error = await errorOf(() => openHistory({ dataDir, version }));
      expect(error).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(dataDir) as string,
      });
    }
  });

  it('refuses a history of a later version and leaves it as it is', async () => {
    const dataDir = makeFolder();
    openHistory({ dataDir, version }).close();
    edit(
      dataDir,
      `PRAGMA journal_mode = DELETE; PRAGMA user_version = 999;
       UPDATE meta SET value = '9.8.7' WHERE name = 'schema_written_by'`,
    );
    const before = readFileSync(fileOf(dataDir));
    const error = await errorOf(() => openHistory({ dataDir, version }));
    expect(error).toMatchObject({
      code: 'NEWER_VERSION',
      message: expect.stringMatching(/9\.8\.7.*999/) as string,
    });
    expect(readFileSync(fileOf(dataDir)).equals(before)).toBe(true);
  });

  it.each([
    [
      'a text',
      (file: string) => {
        writeFileSync(file, 'This is no database. '.repeat(500));
      },
    ],
    [
      'another database',
      (file: string) => {
        const database = new Database(file);
        database.exec('CREATE TABLE bookmarks (url TEXT)');
        database.close();
      },
    ],
  ])('refuses %s', async (_, write) => {
    const dataDir = makeFolder();
    write(fileOf(dataDir));
    const before = readFileSync(fileOf(dataDir));
    const error = await errorOf(() => openHistory({ dataDir, version }));
    expect(error).toMatchObject({
      code: 'CORRUPT_HISTORY',
      message: expect.stringContaining(fileOf(dataDir)) as string,
      remedy: expect.stringContaining('backup') as string,
    });
    expect(readFileSync(fileOf(dataDir)).equals(before)).toBe(true);
  });

  it('refuses a file that was cut short', async () => {
    const dataDir = makeFolder();
    const history = openHistory({ dataDir, version });
    insertRunWithEpochs(history, 3);
    history.close();
    for (const bytes of [50_000, 4096, 1000, 20]) {
      truncateSync(fileOf(dataDir), bytes);
      const error = await errorOf(() => openHistory({ dataDir, version }));
      expect(error).toMatchObject({ code: 'CORRUPT_HISTORY' });
    }
  });

  it('says so where the path is no folder or the file cannot be one', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'file'), '');
    for (const dataDir of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      const error = await errorOf(() => openHistory({ dataDir, version }));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    mkdirSync(fileOf(folder));
    const error = await errorOf(() => openHistory({ dataDir: folder, version }));
    expect(error).toMatchObject({ code: 'READ_ONLY' });
  });
});
