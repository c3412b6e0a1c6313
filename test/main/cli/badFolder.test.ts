import { copyFileSync } from 'node:fs';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { historyFileName } from '../../../src/main/store/history.ts';
import { insertRunWithEpochs } from '../store/fixtures.ts';
import { runCli } from '../../support/cli.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeFolder } from '../../support/digits.ts';
import { protect } from '../../support/protect.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { readRuns, withHistory } from '../../support/storedRun.ts';

/** A data folder with one run of three epochs; the path of its history. */
function makeHistory(): { dataDir: string; path: string } {
  const dataDir = makeFolder();
  withHistory(dataDir, (history) => insertRunWithEpochs(history, 2, { name: 'kept' }));
  return { dataDir, path: join(dataDir, historyFileName) };
}

/** The same, as a process leaves it that is killed: its last epochs are in the log alone. */
function makeKilledHistory(): { dataDir: string; path: string } {
  const [open, dataDir] = [makeFolder(), makeFolder()];
  withHistory(open, (history) => {
    insertRunWithEpochs(history, 2, { name: 'kept' });
    for (const suffix of ['', '-wal', '-shm']) {
      const name = historyFileName + suffix;
      copyFileSync(join(open, name), join(dataDir, name));
    }
  });
  return { dataDir, path: join(dataDir, historyFileName) };
}

describe('a data folder that cannot be used', () => {
  it.for(['closed', 'killed'])(
    'is looked at where it is read-only and its history was %s, and what writes is refused',
    { timeout: 60_000 },
    async (end, context) => {
      const { dataDir } = end === 'closed' ? makeHistory() : makeKilledHistory();
      await protect(dataDir, context);
      const before = await readdir(dataDir);
      for (const words of [['runs', 'list'], ['runs', 'show', 'kept'], ['verify']]) {
        expect(await runHere(dataDir, ...words)).toMatchObject({ code: 0, stderr: '' });
      }
      const listed = (await readHere(dataDir, 'runs', 'list')) as { runs: { epochs: unknown[] }[] };
      expect(listed.runs.map(({ epochs }) => epochs.length)).toEqual([3]);
      for (const words of [
        ['runs', 'note', 'kept', 'seen'],
        ['runs', 'delete', 'kept'],
        ['runs', 'purge', 'kept'],
        ['train', '--preset', 'mnist-c'],
        ['datasets', 'fetch', 'mnist'],
      ]) {
        const refused = await runHere(dataDir, ...words);
        expectRefusal(refused, 1, [dataDir, 'cannot be written']);
      }
      expect(await readdir(dataDir)).toEqual(before);
    },
  );

  it('is named where it is read-only and has no history', async (context) => {
    const dataDir = makeFolder();
    await protect(dataDir, context);
    const refused = await runHere(dataDir, 'runs', 'list');
    expectRefusal(refused, 1, [dataDir, 'cannot be written', 'write access']);
  });

  it('is named where a file is in its place', async () => {
    const file = join(makeFolder(), 'file');
    await writeFile(file, 'mine');
    for (const place of [file, join(file, 'data')]) {
      expectRefusal(await runHere(place, 'runs', 'list'), 2, [place, 'is a file', 'another path']);
    }
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});

describe('a history that cannot be used is named and left as it was', () => {
  it('from a later version', async () => {
    const { dataDir, path } = makeHistory();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.prepare("UPDATE meta SET value = '7.8.9' WHERE name = 'schema_written_by'").run();
    database.close();
    const before = await readFile(path);
    const refused = await runHere(dataDir, 'runs', 'list');
    expectRefusal(refused, 1, [path, 'Afterimage 7.8.9', 'schema 99', 'Install that version']);
    expect(await readFile(path)).toEqual(before);
  });

  it.each([
    { what: 'truncated to a half', length: (size: number) => Math.floor(size / 2) },
    { what: 'truncated inside its header', length: () => 50 },
  ])('$what', async ({ length }) => {
    const { dataDir, path } = makeHistory();
    await truncate(path, length((await stat(path)).size));
    const before = await readFile(path);
    expectRefusal(await runHere(dataDir, 'runs', 'list'), 1, [path, 'damaged', 'backup']);
    expect(await readFile(path)).toEqual(before);
  });

  it('of another program', async () => {
    const dataDir = makeFolder();
    const path = join(dataDir, historyFileName);
    await writeFile(path, 'a diary');
    expectRefusal(await runHere(dataDir, 'runs', 'list'), 1, [path, 'not an Afterimage history']);
    expect(await readFile(path, 'utf8')).toBe('a diary');
  });

  it('locked by another process', async () => {
    const { dataDir, path } = makeHistory();
    const other = new Database(path);
    other.exec('BEGIN EXCLUSIVE');
    // Reading goes on all the while.
    const listed = await runCli(dataDir, 'runs', 'list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const refused = await runCli(dataDir, 'runs', 'note', 'kept', 'seen');
    expectRefusal(refused, 1, [path, 'locked', 'Try again']);
    other.close();
    expect((await runCli(dataDir, 'runs', 'note', 'kept', 'seen')).code).toBe(0);
    expect(readRuns(dataDir)).toMatchObject([{ name: 'kept', note: 'seen' }]);
  });
});
