import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { parseFigureSpec, type FigureSpec } from '../../../../src/core/figures/spec.ts';
import { exampleQuerySchema } from '../../../../src/core/records.ts';
import { History } from '../../../../src/main/store/history.ts';
import { DataFolder } from '../../../../src/main/store/database/dataFolder.ts';
import { openDatabase } from '../../../../src/main/store/database/openDatabase.ts';
import { insertRunWithEpochs, makeEpoch, makeFolder, newRun, version } from '../fixtures.ts';

interface Setting {
  history: History;
  runId: string;
}

const calls: Record<string, (setting: Setting) => unknown> = {
  'runs.list': ({ history }) => history.runs.list(),
  'runs.list of the bin': ({ history }) => history.runs.list({ deleted: true }),
  'runs.list by experiment and tags': ({ history }) =>
    history.runs.list({ experiment: 'paper', tags: ['a', 'b'] }),
  'runs.listSummaries': ({ history }) => history.runs.listSummaries(),
  'runs.get': ({ history, runId }) => history.runs.get(runId),
  'runs.getSummary': ({ history, runId }) => history.runs.getSummary(runId),
  'runs.resolve by name': ({ history }) => history.runs.resolve('mnist-c seed 1'),
  'runs.resolve by beginning': ({ history, runId }) => history.runs.resolve(runId.slice(0, 6)),
  'owners.interruptAbandoned': ({ history }) => history.owners.interruptAbandoned(),
  'queue.list': ({ history }) => history.queue.list(),
  'epochs.get': ({ history, runId }) => history.epochs.get(runId, null),
  'examples.list': ({ history, runId }) =>
    history.examples.list(exampleQuerySchema.parse({ runId })),
  'examples.getEpoch': ({ history, runId }) => history.examples.getEpoch(runId, null),
  'examples.getHistory': ({ history, runId }) => history.examples.getHistory(runId, 3),
  'weights.get': ({ history, runId }) => history.weights.get(runId, 0),
  'checkpoints.get': ({ history, runId }) => history.checkpoints.get(runId),
  'splits.get': ({ history, runId }) => history.splits.get(runId),
  insertEpoch: ({ history, runId }) => history.insertEpoch(runId, makeEpoch(2, { count: 10 })),
  'studies.listRuns': ({ history }) => history.studies.listRuns(saveStudy(history)),
  'studies.resolve': ({ history }) => history.studies.resolve(saveStudy(history)),
  'studies.addRuns': ({ history, runId }) => {
    history.studies.addRuns(saveStudy(history), [{ runId, key: 'k' }]);
  },
  'submissions.list': ({ history }) => history.submissions.list(submit(history)),
  'submissions.listAbroad': ({ history }) => history.submissions.listAbroad(),
  'submissions.listTakenBack': ({ history }) =>
    history.submissions.listTakenBack([submit(history)]),
  'submissions.listKeysAbroad': ({ history }) =>
    history.submissions.listKeysAbroad(submit(history)),
  'figures.get': ({ history }) => history.figures.get(savePair(history).id),
  'figures.change': ({ history, runId }) =>
    history.figures.change(savePair(history).id, 'a', pairOf(runId)),
  'datasets.get': ({ history }) => history.datasets.get('mnist'),
  'datasets.listUsers': ({ history }) => history.datasets.listUsers({ id: 'a', name: 'mnist' }),
  'datasets.remove': ({ history }) => {
    history.datasets.remove('none');
  },
};

const pairOf = (run: string): FigureSpec =>
  parseFigureSpec({ template: 'cam-pair', run, example: 3 });
const savePair = (history: History) => history.figures.insert('pair', pairOf('r'));

/** @returns the study that it is of */
function submit(history: History): string {
  history.submissions.insert({
    ...{ id: 'sub', studyId: 'study', scheduler: 'slurm', folder: '/shared', setup: '' },
    ...{ createdAt: '2026-01-02T03:04:05.678Z', resources: { cpus: 1 }, jobs: [] },
    runs: [
      {
        ...{ runId: 'far', task: 0, key: 'k', name: 'far', seed: 1 },
        ...{ collectedAt: null, isCancelled: false },
      },
    ],
  });
  return 'study';
}

const saveStudy = (history: History): string =>
  history.studies.insert({
    ...{ name: 'seeds', question: '', factors: [], seeds: [1, 2] },
    bases: [{ name: 'C', config: presets['mnist-c'] }],
  }).id;

/**
 * Lists of parameters are no tables, and one row found by its key is read in no time; the index of runs that
 * are on a cluster holds no other, so that to go through it is to find them.
 */
const allowedScans =
  /^SCAN (json_each|CONSTANT ROW|remote_runs USING (COVERING )?INDEX remote_runs_abroad)/;

describe('query plans', () => {
  it.each(Object.entries(calls))('%s scans no table', (_, call) => {
    const dataDir = makeFolder();
    const path = join(dataDir, 'history.sqlite');
    const connection = openDatabase(path, version);
    const history = new History(new DataFolder(dataDir, connection, null), { dataDir, version });
    const runId = insertRunWithEpochs(history, 1, { count: 10 });
    const prepare = vi.spyOn(connection, 'prepare');
    call({ history, runId });
    const statements = new Set(prepare.mock.calls.map(([sql]) => sql));
    history.close();
    expect(statements.size).toBeGreaterThan(0);
    const database = new Database(path);
    for (const sql of statements) {
      const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, 1]);
      const marks = Array.from(sql.matchAll(/\?/g), () => 1);
      const explain = database.prepare(`EXPLAIN QUERY PLAN ${sql}`);
      const plan = (
        names.length > 0 ? explain.all(Object.fromEntries(names)) : explain.all(...marks)
      ) as { detail: string }[];
      const scans = plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'));
      expect(
        scans.filter((detail) => !allowedScans.test(detail)),
        sql,
      ).toEqual([]);
    }
    database.close();
  });

  it('does not ask more often for more runs', () => {
    const dataDir = makeFolder();
    const connection = openDatabase(join(dataDir, 'history.sqlite'), version);
    const history = new History(new DataFolder(dataDir, connection, null), { dataDir, version });
    const count = (call: () => unknown): number => {
      const prepare = vi.spyOn(connection, 'prepare');
      call();
      const { length } = prepare.mock.calls;
      prepare.mockRestore();
      return length;
    };
    history.runs.insert(newRun());
    const [list, summaries] = [
      count(() => history.runs.list()),
      count(() => history.runs.listSummaries()),
    ];
    history.runs.insertAll(Array.from({ length: 50 }, () => newRun()));
    expect(count(() => history.runs.list())).toBe(list);
    expect(count(() => history.runs.listSummaries())).toBe(summaries);
    history.close();
  });
});
