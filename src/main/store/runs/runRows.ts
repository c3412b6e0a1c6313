import { z } from 'zod';
import type { EngineInfo, Run, RunError, RunStatus } from '../../../core/records.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { upgradeRunConfig } from '../../../core/config/upgrade.ts';
import { damaged } from '../database/errors.ts';
import { parseStored } from '../database/json.ts';

/** Columns that a Run is made of. */
export const runColumns = `run_key, id, name, experiment, status, config, seed, dataset_id, engine,
  best_epoch, note, error, created_at, started_at, finished_at, deleted_at`;

/**
 * SQL: whether a run is on its way in or out, from a bundle or out of the bin for good. It lies in
 * the bin and has an owner, as no other run that neither waits nor trains; it is not listed, and if
 * its owner dies it is removed.
 */
export const inTransit = `(runs.deleted_at IS NOT NULL AND runs.owner_pid IS NOT NULL
  AND runs.status NOT IN ('queued', 'running'))`;

export interface RunRow {
  run_key: number;
  id: string;
  name: string;
  experiment: string;
  status: RunStatus;
  config: string;
  seed: number;
  dataset_id: string | null;
  engine: string | null;
  best_epoch: number | null;
  note: string;
  error: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  deleted_at: string | null;
}

/** Configurations by their stored text, at most so many. */
const knownConfigs = new Map<string, RunConfig>();
const mostKnownConfigs = 1000;

/** A list of a thousand runs has few configurations, and checking one takes a third of a millisecond. */
function readConfig(json: string, parse: (json: string) => unknown): RunConfig {
  const known = knownConfigs.get(json);
  if (known !== undefined) return known;
  const config = upgradeRunConfig(parse(json));
  if (knownConfigs.size >= mostKnownConfigs) knownConfigs.clear();
  knownConfigs.set(json, config);
  return config;
}

/** A run without its epochs. */
export function buildRun(row: RunRow, tags: string[]): Omit<Run, 'epochs'> {
  const parse = (json: string | null): unknown =>
    json === null ? null : parseStored(json, `the record of run ${row.id}`);
  return {
    id: row.id,
    name: row.name,
    experiment: row.experiment,
    status: row.status,
    config: readConfig(row.config, parse),
    seed: row.seed,
    datasetId: row.dataset_id,
    engine: parse(row.engine) as EngineInfo | null,
    bestEpoch: row.best_epoch,
    tags,
    note: row.note,
    error: parse(row.error) as RunError | null,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    deletedAt: row.deleted_at,
  };
}

const environmentSchema = z.record(z.string(), z.string());

/** What a run's trainer reported of its machine; nothing before it has started. */
export function parseEnvironment(runId: string, json: string | null): Record<string, string> {
  if (json === null) return {};
  const environment = environmentSchema.safeParse(
    parseStored(json, `the environment of run ${runId}`),
  );
  if (environment.success) return environment.data;
  throw damaged(`the environment of run ${runId} is not one`);
}

/** Values by run, in the order of the rows. */
export function groupByRun<Row extends { run_key: number }>(rows: Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.run_key);
    if (group) group.push(row);
    else groups.set(row.run_key, [row]);
  }
  return groups;
}
