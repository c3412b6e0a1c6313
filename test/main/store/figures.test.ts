import { expect, it } from 'vitest';
import { parseFigureSpec } from '../../../src/core/figures/spec.ts';
import { insertRunWithEpochs, openTestHistory } from './fixtures.ts';

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
