import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { plannedRuns } from '../../../src/core/studies/plan.ts';
import { describeStudy } from '../../../src/core/studies/progress.ts';
import type { Study } from '../../../src/core/studies/study.ts';
import type { History } from '../../../src/main/store/history.ts';
import { makeFolder, newRun, openTestHistory } from './fixtures.ts';
import { join } from 'node:path';

const study = (name = 'C and R'): Study => ({
  name,
  question: 'Which is **surer**?',
  bases: [
    { name: 'C', config: presets['mnist-c'] },
    { name: 'R', config: presets['mnist-r'] },
  ],
  factors: [{ settings: ['training.epochs'], rows: [[2], [3]] }],
  seeds: [1, 2],
});
const refused = (code: string, message: string): Error =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

/** Runs for the first so many planned runs of a study. */
function makeRuns({ runs, studies }: History, id: string, count: number): string[] {
  const planned = plannedRuns(studies.get(id).study).slice(0, count);
  const made = planned.map(({ key, name, config, seed }) => ({
    key,
    runId: runs.insert(newRun({ name, config, seed })).id,
  }));
  studies.addRuns(id, made);
  return made.map(({ runId }) => runId);
}

describe('studies', () => {
  it('are kept as they were made, newest first, and found by name and id', () => {
    const dataDir = makeFolder();
    const { studies } = openTestHistory(dataDir);
    const first = studies.insert(study());
    const second = studies.insert(study('other'));
    expect(first.study).toEqual(study());
    expect(openTestHistory(dataDir).studies.list()).toEqual([second, first]);
    expect([studies.resolve('C and R'), studies.resolve(second.id)]).toEqual([first, second]);
    expect(() => studies.resolve('C und R')).toThrow(
      expect.objectContaining({ remedy: 'Did you mean C and R?' }) as Error,
    );
  });

  it('have names of their own', () => {
    const { studies } = openTestHistory();
    const { id } = studies.insert(study());
    const taken = refused('CONFLICT', 'There is a study C and R already.');
    expect(() => studies.insert(study())).toThrow(taken);
    const other = studies.insert(study('other'));
    expect(() => studies.change(other.id, { name: 'C and R' })).toThrow(taken);
    expect(studies.change(id, { name: 'C and R', question: 'Why?' }).study.question).toBe('Why?');
    expect(studies.freeName('C and R')).toBe('C and R 2');
    expect(studies.freeName('new')).toBe('new');
  });

  it('are refused where they cannot be planned', () => {
    const { studies } = openTestHistory();
    expect(() => studies.insert({ ...study(), seeds: [] })).toThrow(
      refused('INVALID_ARGUMENT', 'Study C and R has no seeds.'),
    );
    expect(studies.list()).toEqual([]);
  });

  it('know their runs outside the bin, and are known apart from them', async () => {
    const history = openTestHistory();
    const { studies, runs } = history;
    const { id } = studies.insert(study());
    const other = studies.insert(study('other'));
    const [a = '', b = '', c = ''] = makeRuns(history, id, 3);
    runs.setStatus(a, 'completed');
    runs.setStatus(b, 'failed');
    const { counts, cells } = describeStudy(studies.get(id), studies.listRuns(id));
    expect(counts).toEqual({ planned: 5, waiting: 1, running: 0, paused: 0, done: 1, failed: 1 });
    expect(cells.slice(0, 3).map(({ run }) => run?.id)).toEqual([a, b, c]);
    runs.delete([b]);
    expect(studies.listRuns(id).map(({ runId }) => runId)).toEqual([c, a]);
    runs.restore([b]);
    expect(studies.listRuns(id)).toHaveLength(3);
    runs.delete([a]);
    await history.purge([a]);
    expect(studies.listWithRuns().map(({ record, runs: of }) => [record.id, of.length])).toEqual([
      [other.id, 0],
      [id, 2],
    ]);
    studies.remove(id);
    expect([runs.has(b), studies.listRuns(id)]).toEqual([true, []]);
    expect(await history.verify()).toEqual([]);
  });

  it('tell who follows the history', () => {
    const history = openTestHistory();
    const { id } = history.studies.insert(study());
    const before = history.changes.last;
    makeRuns(history, id, 1);
    history.studies.change(id, { question: '' });
    history.studies.remove(id);
    const subjects = history.changes.since(before)?.map(({ subject }) => subject);
    expect(subjects).toEqual(['run', 'studies', 'studies', 'studies', 'studies']);
  });
});

describe('a bundle', () => {
  it('brings the study of its runs, or puts them into the one of that name that is here', async () => {
    const [from, to] = [openTestHistory(), openTestHistory()];
    const path = join(makeFolder(), 'runs.afterimage');
    const { id } = from.studies.insert(study());
    const [a = '', b = ''] = makeRuns(from, id, 2);
    from.studies.insert(study('of none of them'));
    await from.exportBundle([a], path);
    await to.importBundle(path);
    expect(to.studies.list()).toEqual([from.studies.get(id)]);
    expect(to.studies.listRuns(id)).toMatchObject([{ runId: a, status: 'interrupted' }]);
    // Here it was made anew, under the same name.
    const third = openTestHistory();
    const own = third.studies.insert({ ...study(), question: 'my own' });
    await from.exportBundle([a, b], path);
    await third.importBundle(path);
    expect(third.studies.list()).toEqual([own]);
    const { cells } = describeStudy(own, third.studies.listRuns(own.id));
    expect(cells.slice(0, 2).map(({ run }) => run?.id)).toEqual([a, b]);
    // And here it was called otherwise since; the run that is here already stays as it is.
    to.studies.change(id, { name: 'renamed' });
    await to.importBundle(path);
    expect(to.studies.list().map(({ study: { name } }) => name)).toEqual(['renamed']);
    expect(to.studies.listRuns(id).map(({ runId }) => runId)).toEqual([b, a]);
    expect(await to.verify()).toEqual([]);
  });
});
