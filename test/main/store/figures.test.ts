import Database from 'better-sqlite3';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { parseFigureSpec } from '../../../src/core/figures/spec.ts';
import { Connection } from '../../../src/main/store/database/connection.ts';
import { verifyFigures } from '../../../src/main/store/figures.ts';
import { historyFileName } from '../../../src/main/store/history.ts';
import { insertRunWithEpochs, makeFolder, openTestHistory } from './fixtures.ts';

const notFound = expect.objectContaining({ code: 'NOT_FOUND' }) as Error;
const pairOf = (run: string, example = 3) =>
  parseFigureSpec({ template: 'cam-pair', run, example });

it('are listed newest first, with what was saved last under an id', () => {
  const { figures } = openTestHistory();
  const first = figures.insert('first', pairOf('r'));
  const second = figures.insert('second', pairOf('s'));
  expect(figures.list()).toEqual([second, first]);
  expect(first.specification).toEqual(pairOf('r'));
  const changed = figures.change(first.id, 'first again', pairOf('r', 4));
  expect(figures.list()).toEqual([second, changed]);
  expect(changed).toMatchObject({ id: first.id, specification: { example: 4 } });
  expect(figures.rename(second.id, 'other')).toEqual({
    ...second,
    name: 'other',
    changedAt: expect.any(String) as string,
  });
  figures.remove(first.id);
  figures.remove(first.id);
  expect(figures.list().map(({ name }) => name)).toEqual(['other']);
});

it('that are not there are neither changed nor made', () => {
  const { figures } = openTestHistory();
  expect(() => figures.get('none')).toThrow(notFound);
  expect(() => figures.rename('none', 'x')).toThrow(notFound);
  expect(() => figures.change('none', 'x', pairOf('r'))).toThrow(notFound);
  expect(figures.list()).toEqual([]);
});

it('outlive their runs', async () => {
  const history = openTestHistory();
  const runId = insertRunWithEpochs(history, 1, { count: 10 });
  const figure = history.figures.insert('kept', pairOf(runId));
  history.runs.delete([runId]);
  await history.purge([runId]);
  expect(history.figures.list()).toEqual([figure]);
  expect(await history.verify()).toEqual([]);
});

it('that are none any more are damage, told one by one; a run that is gone is not', () => {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  const ids = ['no JSON', 'no template', 'well'].map(
    (name) => history.figures.insert(name, pairOf('gone')).id,
  );
  const database = new Database(join(dataDir, historyFileName));
  const spoil = database.prepare('UPDATE figures SET specification = ? WHERE id = ?');
  spoil.run('{"template"', ids[0]);
  spoil.run('{"template":"cam-portrait"}', ids[1]);
  database.close();
  const connection = new Connection(join(dataDir, historyFileName), { access: 'read' });
  expect(verifyFigures(connection)).toEqual(
    ids.slice(0, 2).map((id) => `figure ${id}: its specification is not one`),
  );
  connection.close();
  expect(() => history.figures.get(ids[0] ?? '')).toThrow(
    expect.objectContaining({
      code: 'CORRUPT_HISTORY',
      message: expect.stringContaining(`figure ${ids[0]}`) as string,
    }) as Error,
  );
});

it('keep when they were made, and are changed one by one', async () => {
  const { figures } = openTestHistory();
  const [first, second] = ['first', 'second'].map((name) => figures.insert(name, pairOf('r')));
  expect(first).toMatchObject({ changedAt: first?.createdAt });
  await delay(2);
  const changed = figures.change(first?.id ?? '', 'again', pairOf('s'));
  expect(changed.createdAt).toBe(first?.createdAt);
  expect(Date.parse(changed.changedAt)).toBeGreaterThan(Date.parse(changed.createdAt));
  const renamed = figures.rename(first?.id ?? '', 'once more');
  expect(renamed).toMatchObject({ createdAt: first?.createdAt, specification: pairOf('s') });
  expect(figures.get(second?.id ?? '')).toEqual(second);
  figures.remove(first?.id ?? '');
  expect(figures.list()).toEqual([second]);
});
