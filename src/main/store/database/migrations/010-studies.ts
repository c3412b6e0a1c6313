import { upgradeRunConfig } from '../../../../core/config/upgrade.ts';
import type { RunConfig } from '../../../../core/config/runConfig.ts';
import { mostRuns } from '../../../../core/config/sweep.ts';
import { keyOfRun } from '../../../../core/studies/plan.ts';
import { studyOfRuns } from '../../../../core/studies/studyOfRuns.ts';
import { createId } from '../ids.ts';
import { Query, type Connection } from '../connection.ts';
import type { Migration } from './migration.ts';

interface Row {
  run_key: number;
  name: string;
  experiment: string;
  config: string;
  seed: number;
  created_at: string;
}

/** What a run was asked to be; null where its configuration cannot be read, as `verify` says. */
function readRun({ name, config, seed, ...row }: Row, known: Map<string, RunConfig>) {
  try {
    const parsed = known.get(config) ?? upgradeRunConfig(JSON.parse(config));
    known.set(config, parsed);
    return { name, config: parsed, seed, runKey: row.run_key, createdAt: row.created_at };
  } catch {
    return null;
  }
}

const listRuns = (connection: Connection): Row[] =>
  new Query<Row>(
    connection,
    `SELECT run_key, name, experiment, config, seed, created_at FROM runs
     WHERE deleted_at IS NULL ORDER BY run_key`,
  ).all();

/** An experiment of several runs becomes a study that asks for just these. */
function adoptExperiments(connection: Connection): void {
  const insert = new Query<never>(
    connection,
    `INSERT INTO studies (study_key, id, name, question, plan, created_at, changed_at)
     VALUES (?, ?, ?, '', ?, ?, ?)`,
  );
  const link = new Query<never>(connection, 'INSERT INTO study_runs VALUES (?, ?, ?)');
  const known = new Map<string, RunConfig>();
  const experiments = Map.groupBy(listRuns(connection), ({ experiment }) => experiment.trim());
  let studyKey = 0;
  for (const [name, rows] of experiments) {
    const runs = rows.flatMap((row) => readRun(row, known) ?? []);
    const [first] = runs;
    // What is more than a study may be stays the experiment that it was.
    if (first === undefined || name === '' || runs.length < 2 || runs.length > mostRuns) continue;
    const { bases, factors, seeds } = studyOfRuns(name, '', runs);
    const { createdAt: time } = first;
    studyKey += 1;
    insert.run(studyKey, createId(), name, JSON.stringify({ bases, factors, seeds }), time, time);
    for (const { runKey, config, seed } of runs) link.run(studyKey, runKey, keyOfRun(config, seed));
  }
}

/**
 * Studies: a question, a plan (JSON of `Study` without name and question), and the runs that were made for it. `key`
 * says which planned run a run is, whatever becomes of its configuration.
 */
export const studies: Migration = {
  version: 10,
  sql: `
    CREATE TABLE studies (
      study_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL UNIQUE,
      question TEXT NOT NULL,
      plan TEXT NOT NULL,
      created_at TEXT NOT NULL,
      changed_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE study_runs (
      study_key INTEGER NOT NULL REFERENCES studies (study_key) ON DELETE CASCADE,
      run_key INTEGER NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
      key TEXT NOT NULL,
      PRIMARY KEY (study_key, run_key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX study_runs_run_key ON study_runs (run_key);
  `,
  fill: adoptExperiments,
};
