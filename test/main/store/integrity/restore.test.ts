import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { restoreBackup } from '../../../../src/main/store/integrity/restore.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeFolder,
  newRun,
  openTestHistory,
  version,
} from '../fixtures.ts';

const script = fileURLToPath(new URL('../childTasks.ts', import.meta.url));

const historiesIn = (dataDir: string): string[] =>
  readdirSync(dataDir).filter((name) => name !== 'locks');

/** A folder whose history has gone on since its backup. */
async function makeBackedUp() {
  const dataDir = makeFolder();
  const backup = join(makeFolder(), 'backup.sqlite');
  const history = openTestHistory(dataDir);
  const id = insertRunWithEpochs(history, 2, { count: 20 });
  await history.backup(backup);
  history.runs.insert(newRun({ name: 'later' }));
  const restore = () => restoreBackup(backup, { dataDir, appVersion: version });
  return { dataDir, backup, history, id, restore };
}

it('brings a backup back and keeps what was there, with its log', async () => {
  const { dataDir, history, id, restore } = await makeBackedUp();
  // As a killed process leaves it: what came after the backup is in the log alone.
  const killed = makeFolder();
  for (const name of historiesIn(dataDir)) {
    copyFileSync(join(dataDir, name), join(killed, name));
  }
  history.close();
  for (const name of historiesIn(dataDir)) rmSync(join(dataDir, name));
  for (const name of historiesIn(killed)) renameSync(join(killed, name), join(dataDir, name));
  const { replaced } = await restore();
  const restored = openTestHistory(dataDir);
  expect(restored.runs.list().map((run) => run.id)).toEqual([id]);
  expect(await restored.verify()).toEqual([]);
  expect(statSync(join(dataDir, 'history.sqlite')).mode & 0o777).toBe(0o600);
  const elsewhere = makeFolder();
  for (const suffix of ['', '-wal', '-shm']) {
    renameSync(`${replaced ?? ''}${suffix}`, join(elsewhere, `history.sqlite${suffix}`));
  }
  const kept = openTestHistory(elsewhere);
  expect(kept.runs.list().map((run) => run.name)).toEqual(['later', 'mnist-c seed 1']);
  expect(await kept.verify()).toEqual([]);
});

it('brings a history to a folder that has none, or a damaged one', async () => {
  const { dataDir, backup, history, id, restore } = await makeBackedUp();
  const fresh = join(makeFolder(), 'a', 'b');
  const place = { dataDir: fresh, appVersion: version };
  expect(await restoreBackup(backup, place)).toEqual({ replaced: null });
  expect(openTestHistory(fresh).epochs.list(id)).toHaveLength(3);
  history.close();
  truncateSync(join(dataDir, 'history.sqlite'), 1);
  await restore();
  expect(openTestHistory(dataDir).epochs.list(id)).toHaveLength(3);
});

it('refuses while a process has the history open', async () => {
  const { dataDir, history, restore } = await makeBackedUp();
  history.close();
  const child = spawn(process.execPath, [script, 'own', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  const before = historiesIn(dataDir);
  expect(await errorOf(restore)).toMatchObject({ code: 'LOCKED' });
  expect(historiesIn(dataDir)).toEqual(before);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect((await restore()).replaced).not.toBeNull();
}, 20_000);

it('refuses what is no whole backup, and changes nothing', async () => {
  const { dataDir, backup, history } = await makeBackedUp();
  const other = openTestHistory();
  const otherPath = join(other.info().dataDir, 'history.sqlite');
  history.close();
  const own = join(dataDir, 'history.sqlite');
  const before = readFileSync(own);
  const damaged = join(makeFolder(), 'damaged');
  copyFileSync(backup, damaged);
  const database = new Database(damaged);
  database.exec("UPDATE weights SET data = x'00' WHERE epoch = 1");
  database.close();
  other.runs.insert(newRun());
  for (const [path, code] of [
    [damaged, 'CORRUPT_INPUT'],
    [script, 'CORRUPT_INPUT'],
    [dataDir, 'CORRUPT_INPUT'],
    [join(dataDir, 'nothing'), 'NOT_FOUND'],
    [own, 'CONFLICT'],
    [otherPath, 'CONFLICT'],
  ] as const) {
    const error = await errorOf(() => restoreBackup(path, { dataDir, appVersion: version }));
    expect(error).toMatchObject({ code });
    expect(historiesIn(dataDir)).toEqual(['history.sqlite']);
    expect(readFileSync(own).equals(before)).toBe(true);
  }
});
