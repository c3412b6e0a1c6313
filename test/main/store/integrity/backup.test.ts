import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseFigureSpec } from '../../../../src/core/figures/spec.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeEpoch,
  makeFolder,
  newRun,
  openTestHistory,
} from '../fixtures.ts';

const script = fileURLToPath(new URL('../childTasks.ts', import.meta.url));
const runTask = (task: string, dataDir: string) =>
  spawnSync(process.execPath, [script, task, dataDir], { stdio: ['ignore', 'ignore', 'inherit'] });

describe('a backup', () => {
  it('is a history like the one it was made of, while that one is written to', async () => {
    const dataDir = makeFolder();
    const history = openTestHistory(dataDir);
    const id = insertRunWithEpochs(history, 3, { count: 2000, mapSize: 7 });
    const spec = parseFigureSpec({ template: 'cam-pair', run: id, example: 3 });
    history.figures.insert('a figure', spec);
    const target = join(makeFolder(), 'history.sqlite');
    const seen: number[] = [];
    await history.backup(target, {
      onProgress: ({ done, total }) => {
        if (seen.length === 0) history.insertEpoch(id, makeEpoch(4, { count: 2000, mapSize: 7 }));
        seen.push(done / (total ?? 0));
      },
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(readdirSync(join(target, '..'))).toEqual(['history.sqlite']);
    const copy = openTestHistory(join(target, '..'));
    expect(copy.runs.list()).toEqual(history.runs.list());
    expect(copy.figures.list()).toEqual(history.figures.list());
    expect(copy.epochs.list(id)).toHaveLength(5);
    expect(await copy.verify()).toEqual([]);
  });

  it('replaces an earlier one and nothing else', async () => {
    const dataDir = makeFolder();
    const history = openTestHistory(dataDir);
    const folder = makeFolder();
    const target = join(folder, 'backup.sqlite');
    await history.backup(target);
    history.runs.insert(newRun());
    await history.backup(target);
    renameSync(target, join(folder, 'history.sqlite'));
    expect(openTestHistory(folder).runs.list()).toHaveLength(1);
    const thesis = join(folder, 'thesis.txt');
    for (const content of ['short', 'my thesis '.repeat(100)]) {
      writeFileSync(thesis, content);
      expect(await errorOf(() => history.backup(thesis))).toMatchObject({ code: 'CONFLICT' });
      expect(readFileSync(thesis, 'utf8')).toBe(content);
    }
    const self = join(dataDir, 'history.sqlite');
    expect(await errorOf(() => history.backup(self))).toMatchObject({ code: 'CONFLICT' });
    const nowhere = join(folder, 'no', 'where.sqlite');
    expect(await errorOf(() => history.backup(nowhere))).toMatchObject({ code: 'NOT_FOUND' });
    for (const noFile of [folder, join(folder, 'x'.repeat(300))]) {
      const error = await errorOf(() => history.backup(noFile));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });

  it('is written where a link leads, and read by nobody else', async () => {
    const history = openTestHistory();
    const folder = makeFolder();
    const [target, link] = [join(folder, 'of today'), join(folder, 'latest')];
    symlinkSync('of today', link);
    for (let backups = 0; backups < 2; backups += 1) {
      await history.backup(link);
      expect(readlinkSync(link)).toBe('of today');
      expect(lstatSync(target).isFile()).toBe(true);
      expect(statSync(target).mode & 0o777).toBe(0o600);
    }
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const history = openTestHistory();
    insertRunWithEpochs(history, 3, { count: 2000, mapSize: 7 });
    const folder = makeFolder();
    const target = join(folder, 'backup.sqlite');
    const error = await errorOf(() => history.backup(target, { signal: AbortSignal.abort() }));
    expect(error.name).toBe('AbortError');
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    expect(history.runs.insert(newRun()).status).toBe('queued');
  });
});

describe('a backup over a history is refused, and harms it not,', () => {
  /** A history with a run in its log alone. */
  function makeOther() {
    const dataDir = makeFolder();
    const history = openTestHistory(dataDir);
    const id = insertRunWithEpochs(history, 4, { count: 20 });
    return { dataDir, history, id, path: join(dataDir, 'history.sqlite') };
  }

  it('its own, by whatever path', async () => {
    const { dataDir, history, id, path } = makeOther();
    const folder = makeFolder();
    symlinkSync(dataDir, join(folder, 'data'));
    symlinkSync(path, join(folder, 'file'));
    linkSync(path, join(folder, 'hard'));
    for (const self of [path, join(folder, 'data', 'history.sqlite')].concat(
      ['file', 'hard'].map((name) => join(folder, name)),
    )) {
      expect(await errorOf(() => history.backup(self))).toMatchObject({ code: 'CONFLICT' });
    }
    history.insertEpoch(id, makeEpoch(5, { count: 20 }));
    // Another process must still see that the history is in use.
    const other = runTask('insertRuns', dataDir);
    expect(other.status).toBe(0);
    history.insertEpoch(id, makeEpoch(6, { count: 20 }));
    history.close();
    const again = openTestHistory(dataDir);
    expect(again.epochs.list(id)).toHaveLength(7);
    expect(await again.verify()).toEqual([]);
  });

  it('one that is open, was killed, or was closed', async () => {
    const mine = openTestHistory();
    const { dataDir, history, id, path } = makeOther();
    const killed = makeFolder();
    for (const name of readdirSync(dataDir).filter((each) => each.startsWith('history'))) {
      copyFileSync(join(dataDir, name), join(killed, name));
    }
    rmSync(join(killed, 'history.sqlite-shm'));
    const expectRefusal = async (target: string): Promise<void> => {
      const before = readFileSync(target);
      expect(await errorOf(() => mine.backup(target))).toMatchObject({ code: 'CONFLICT' });
      expect(readFileSync(target).equals(before)).toBe(true);
    };
    await expectRefusal(path);
    await expectRefusal(join(killed, 'history.sqlite'));
    history.close();
    await expectRefusal(path);
    for (const folder of [dataDir, killed]) {
      const kept = openTestHistory(folder);
      expect(kept.epochs.list(id)).toHaveLength(5);
      expect(await kept.verify()).toEqual([]);
    }
  });

  it('one that was removed while its log stayed', async () => {
    const { dataDir, path } = makeOther();
    rmSync(path);
    const target = await errorOf(() => openTestHistory().backup(path));
    expect(target).toMatchObject({ code: 'CONFLICT' });
    expect(readdirSync(dataDir)).not.toContain('history.sqlite');
  });
});
