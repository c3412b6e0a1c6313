import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { presets } from '../../src/core/config/presets.ts';
import { keyOfRun } from '../../src/core/studies/plan.ts';
import { describeStudy } from '../../src/core/studies/progress.ts';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const time = '2026-01-02T03:04:05.678Z';

interface StoredRun {
  id: string;
  name: string;
  experiment: string;
  config?: string;
  seed: number;
  deletedAt?: string;
}

/** A history of schema 9 with these completed runs. */
function makeHistory(runs: readonly StoredRun[]): string {
  const dataDir = makeFolderAt(9);
  withDatabase(dataDir, (database) => {
    const insert = database.prepare(
      `INSERT INTO runs (id, name, experiment, status, config, seed, note, created_at, deleted_at)
       VALUES (?, ?, ?, 'completed', ?, ?, '', ?, ?)`,
    );
    for (const { id, name, experiment, config, seed, deletedAt } of runs) {
      const stored = config ?? JSON.stringify(presets['mnist-c']);
      insert.run(id, name, experiment, stored, seed, time, deletedAt ?? null);
    }
  });
  return dataDir;
}

const idOf = (letter: string): string => letter.repeat(12);
const r = JSON.stringify(presets['mnist-r']);

it('makes a study of each experiment with several runs outside the bin, that asks for just these', () => {
  const dataDir = makeHistory([
    { id: idOf('a'), name: 'paper C seed 1', experiment: 'paper', seed: 1 },
    { id: idOf('b'), name: 'paper C seed 2', experiment: 'paper', seed: 2 },
    { id: idOf('c'), name: 'paper R seed 1', experiment: 'paper', seed: 1, config: r },
    { id: idOf('d'), name: 'thrown away', experiment: 'paper', seed: 3, deletedAt: time },
    { id: idOf('e'), name: 'alone', experiment: 'alone', seed: 1 },
    { id: idOf('f'), name: 'half', experiment: 'half', seed: 1 },
    { id: idOf('g'), name: 'half', experiment: 'half', seed: 2, deletedAt: time },
  ]);
  const history = openMigrated(dataDir);
  const [record, ...others] = history.studies.list();
  expect(others).toEqual([]);
  if (record === undefined) throw new Error('no study was made');
  expect(record).toMatchObject({ study: { name: 'paper', question: '' }, createdAt: time });
  const {
    cells,
    counts,
    others: besides,
  } = describeStudy(record, history.studies.listRuns(record.id));
  expect(cells.map(({ label, run }) => [label, run?.id])).toEqual([
    ['paper C seed 1', idOf('a')],
    ['paper C seed 2', idOf('b')],
    ['paper R', idOf('c')],
  ]);
  expect([counts.done, besides]).toEqual([3, []]);
  expect(history.runs.get(idOf('a')).experiment).toBe('paper');
  expect(history.studies.listRuns(record.id).at(-1)?.key).toBe(keyOfRun(presets['mnist-c'], 1));
});

it('leaves a run out whose configuration cannot be read, for verify to tell', () => {
  const dataDir = makeHistory([
    { id: idOf('a'), name: 'a', experiment: 'x', seed: 1 },
    { id: idOf('b'), name: 'b', experiment: 'x', seed: 2, config: '{"version":2,"model":' },
    { id: idOf('c'), name: 'c', experiment: 'x', seed: 3 },
  ]);
  openMigrated(dataDir);
  const members = withDatabase(dataDir, (database) =>
    database.prepare('SELECT id FROM study_runs JOIN runs USING (run_key) ORDER BY id').all(),
  );
  expect(members).toEqual([{ id: idOf('a') }, { id: idOf('c') }]);
});

it('comes to a history from before it', async () => {
  const dataDir = makeFolderAt(5);
  withDatabase(dataDir, (database) => database.exec(read('./rows-5.sql')));
  const history = openMigrated(dataDir);
  expect(history.studies.list().every(({ study: { bases } }) => bases.length > 0)).toBe(true);
  expect(await history.verify()).toEqual([]);
});

/** Rows as schema 10 holds them; later versions must read them. */
it('keeps reading the rows of schema 10', () => {
  const dataDir = makeFolderAt(10);
  withDatabase(dataDir, (database) => {
    const plan = { bases: [{ name: 'C', config: presets['mnist-c'] }], factors: [], seeds: [1, 2] };
    const { version, data, model, cam, optimizer, schedule } = presets['mnist-c'];
    const early = { version, data, model, cam, objective: {}, optimizer, schedule };
    const stored = { ...plan, bases: [{ name: 'C', config: early }] };
    database
      .prepare('INSERT INTO studies VALUES (1, ?, ?, ?, ?, ?, ?)')
      .run(idOf('s'), 'seeds', 'How much?', JSON.stringify(stored), time, time);
  });
  const [record] = openMigrated(dataDir).studies.list();
  expect(record).toEqual({
    id: idOf('s'),
    createdAt: time,
    changedAt: time,
    study: {
      ...{ name: 'seeds', question: 'How much?', factors: [], seeds: [1, 2] },
      bases: [{ name: 'C', config: presets['mnist-c'] }],
    },
  });
});
