import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
