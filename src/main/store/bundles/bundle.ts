import { dirname } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { followLinks, publish } from '../../platform/files.ts';
import { takeSteps, type LongTaskOptions } from '../../platform/longTask.ts';
import { nameUnfinished, removeAbandoned } from '../../platform/unfinished.ts';
import type { ImportResult } from '../../../shared/bundleCalls.ts';
import { dataTable, packDatasets, unpackDatasets, type DatasetFiles } from './bundleData.ts';
import {
  bundleFamily,
  corruptBundle,
  packBundle,
  unpackBundle,
  type BundleFormat,
} from './bundleFile.ts';
import { Connection, Query } from '../database/connection.ts';
import type { DataFolder } from '../database/dataFolder.ts';
import { parseDatasetRecord } from '../datasets/datasets.ts';
import { damaged, noSpace, toStoreError } from '../database/errors.ts';
import { frozenUrl } from '../database/urlDatabase.ts';
import { checkFolder, readBeginning, removeDatabase } from '../files.ts';
import { openCollection, openDatabase, openSingleFile } from '../database/openDatabase.ts';
import { copyRun } from './runCopy.ts';
import { copyStudies } from './studyCopy.ts';
import { Purge } from '../runs/purge.ts';
import { Room } from '../space/room.ts';
import { RunChecker } from '../integrity/runChecker.ts';
import { RunLookup } from '../runs/runLookup.ts';
import { verifyInThread } from '../integrity/verifyInThread.ts';

export interface BundleOptions extends LongTaskOptions {
  /** Data sets that go with the runs, or come with them; without it, none do. */
  datasets?: DatasetFiles | undefined;
}

interface Place {
  historyPath: string;
  appVersion: string;
  folder: DataFolder;
}

function attach(connection: Connection, path: string, name: string): void {
  new Query(connection, `ATTACH ? AS ${name}`).run(path);
}

/** Tells how far copying runs is, counted in their epochs, which are what takes time. */
class CopyProgress {
  readonly #total: number;
  readonly #onProgress: LongTaskOptions['onProgress'];
  #done = 0;

  constructor(
    source: { connection: Connection; database: string; runIds: readonly string[] },
    onProgress: LongTaskOptions['onProgress'],
  ) {
    const { connection, database, runIds } = source;
    const count = new Query<{ epochs: number }>(
      connection,
      `SELECT count(*) AS epochs FROM ${database}.epochs JOIN ${database}.runs USING (run_key)
       WHERE id IN (SELECT value FROM json_each(?))`,
    );
    this.#total = count.get(JSON.stringify(runIds))?.epochs ?? 0;
    this.#onProgress = onProgress;
  }

  /** The steps of copying a run; `step` says what is copied. */
  *follow(step: string, steps: Iterable<number>): Generator<undefined, void> {
    let last: number | null = null;
    for (const epoch of steps) {
      if (epoch !== last) this.#onProgress?.({ step, done: this.#done++, total: this.#total });
      last = epoch;
      yield;
    }
  }
}

async function collectRuns(
  runIds: readonly string[],
  databasePath: string,
  { historyPath, appVersion, folder }: Place,
  { onProgress, signal, datasets }: BundleOptions,
): Promise<void> {
  const isFrozen = folder.connection.access === 'frozen';
  const collected = (isFrozen ? openCollection : openSingleFile)(databasePath, appVersion);
  try {
    attach(collected, isFrozen ? frozenUrl(historyPath).href : historyPath, 'history');
    const key = new Query<{ run_key: number }>(
      collected,
      'SELECT run_key FROM history.runs WHERE id = ?',
    );
    // One view of the history for all that is copied, whatever is stored meanwhile.
    collected.exec('BEGIN');
    const source = { connection: collected, database: 'history', runIds };
    const progress = new CopyProgress(source, onProgress);
    for (const runId of runIds) {
      const runKey = key.get(runId)?.run_key ?? 0;
      const steps = copyRun(collected, { from: 'history', to: 'main' }, runKey);
      await takeSteps(progress.follow(`Run ${runId}`, steps), { signal });
    }
    copyStudies(collected, { from: 'history', to: 'main' }, runIds);
    collected.exec('COMMIT');
    if (datasets === undefined) return;
    onProgress?.({ step: 'Data sets', done: 0, total: null });
    await packDatasets(collected, datasets, signal);
  } finally {
    collected.close();
  }
}

/** An earlier bundle may be replaced, any other file may not. */
function checkTarget(path: string): void {
  checkFolder(path);
  const beginning = readBeginning(path, bundleFamily.length);
  if (beginning === null || Buffer.from(beginning).toString('latin1') === bundleFamily) return;
  throw new AfterimageError(
    'CONFLICT',
    `${path} is there already and is not a bundle.`,
    'Choose another name for the bundle.',
  );
}

/** Writes runs with all that belongs to them into one file for another machine, on request with their images. */
export async function exportBundle(
  runIds: readonly string[],
  path: string,
  place: Place,
  options: BundleOptions = {},
): Promise<void> {
  try {
    const target = await followLinks(path);
    checkTarget(target);
    await writeBundle([...new Set(runIds)], target, place, options);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

async function writeBundle(
  runIds: readonly string[],
  target: string,
  place: Place,
  options: BundleOptions,
): Promise<void> {
  const folder = dirname(target);
  const database = nameUnfinished(folder);
  const bundle = nameUnfinished(folder);
  try {
    await removeAbandoned(folder);
    await collectRuns(runIds, database, place, options);
    options.onProgress?.({ step: 'Writing the file', done: 0, total: null });
    const format = options.datasets === undefined ? 'runs' : 'runsAndData';
    await packBundle(database, bundle, format, options.signal);
    await publish(bundle, target);
  } finally {
    await removeDatabase(database);
    await removeDatabase(bundle);
  }
}

interface SchemaRow {
  type: string;
  table: string;
  sql: string;
}

function listSchema(connection: Connection): SchemaRow[] {
  return new Query<SchemaRow>(
    connection,
    'SELECT type, tbl_name AS "table", sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name',
  ).all();
}

/** Refuses what could act by itself when a table is touched; no version of Afterimage writes it. */
function checkOnlyTables(connection: Connection): void {
  if (listSchema(connection).every(({ type }) => type === 'table' || type === 'index')) return;
  throw damaged('it holds triggers or views');
}

/** Opens an unpacked bundle, brought up to this version's schema; errors name the bundle. */
function openUnpacked(database: string, bundlePath: string, appVersion: string): Connection {
  const untouched = new Connection(database, { name: bundlePath });
  try {
    checkOnlyTables(untouched);
  } finally {
    untouched.close();
  }
  return openSingleFile(database, appVersion, bundlePath);
}

async function checkContent(
  bundle: Connection,
  history: Connection,
  { format, appVersion }: { format: BundleFormat; appVersion: string },
  options: LongTaskOptions,
): Promise<void> {
  const isOfData = ({ table }: SchemaRow): boolean =>
    format === 'runsAndData' && table === dataTable;
  const schema = listSchema(bundle).filter((row) => !isOfData(row));
  if (JSON.stringify(schema) !== JSON.stringify(listSchema(history))) {
    throw damaged('its tables are not those of a history');
  }
  if (new RunChecker(bundle).listRuns().length === 0) throw damaged('it holds no run');
  const { path, name } = bundle;
  const inside = { path, name, appVersion, kind: 'single' as const };
  const [problem] = await verifyInThread(inside, options);
  if (problem !== undefined) throw damaged(problem);
}

/**
 * Checks an unpacked bundle, and hands over the data sets that it carries. Whatever SQLite says of a file
 * that nothing of ours has written yet, it says of the bundle.
 */
async function checkUnpacked(
  { database, path, format }: { database: string; path: string; format: BundleFormat },
  history: Connection,
  appVersion: string,
  options: BundleOptions,
): Promise<void> {
  try {
    const bundle = openUnpacked(database, path, appVersion);
    try {
      await checkContent(bundle, history, { format, appVersion }, options);
      if (format === 'runsAndData' && options.datasets !== undefined) {
        await unpackDatasets(bundle, options.datasets, options.signal);
      }
    } finally {
      bundle.close();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof AfterimageError) throw error;
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}

/** Stretches of rows on their way in, ms: committing one takes as long again, and so does the log. */
const arrivalMs = 4;

/** SQL: columns of a run that is on its way in. */
const arriving = ({ owners }: DataFolder): Record<string, string> => ({
  deleted_at: "strftime('%Y-%m-%dT%H:%M:%fZ')",
  owner_pid: String(owners.pid),
  owner_started: `'${owners.hold()}'`,
});

/**
 * Copies the runs that the history does not have: in many small transactions, as this process and
 * others write meanwhile, but all become visible at once, or none stays.
 */
async function insertRuns(
  database: string,
  { historyPath, appVersion, folder }: Place,
  { onProgress, signal }: LongTaskOptions,
): Promise<ImportResult> {
  const history = openDatabase(historyPath, appVersion);
  const lookup = new RunLookup(history);
  const result: ImportResult = { imported: [], skipped: [], inBin: [], absent: [] };
  try {
    attach(history, database, 'bundle');
    const runs = new Query<{ run_key: number; id: string }>(
      history,
      'SELECT run_key, id FROM bundle.runs ORDER BY run_key',
    ).all();
    const runIds = runs.map(({ id }) => id).filter((id) => !lookup.has(id));
    const progress = new CopyProgress(
      { connection: history, database: 'bundle', runIds },
      onProgress,
    );
    // Rows on their way in may be lost in a power cut. The last commit, which keeps them, waits until
    // it is on the disk, and so is all that the log has before it.
    history.exec('PRAGMA synchronous = NORMAL');
    for (const { run_key, id } of runs) {
      const isKnown = lookup.has(id);
      result[isKnown ? 'skipped' : 'imported'].push(id);
      if (isKnown) continue;
      const steps = copyRun(history, { from: 'bundle', to: 'main' }, run_key, arriving(folder));
      const wrap = (stretch: () => void): void => {
        history.transaction(stretch);
      };
      await takeSteps(progress.follow(`Storing run ${id}`, steps), {
        wrap,
        signal,
        longestMs: arrivalMs,
      });
    }
    signal?.throwIfAborted();
    history.exec('PRAGMA synchronous = FULL');
    history.transaction(() => {
      showArrived(history, result.imported);
    });
    return { ...result, ...describeArrivals(history, result) };
  } catch (error) {
    const room = new Room(history, folder);
    await new Purge(history, lookup, folder, room).removeArriving(result.imported);
    throw error;
  } finally {
    history.close();
  }
}

/** Has runs that have come in listed, and in their studies. */
function showArrived(history: Connection, runIds: readonly string[]): void {
  new Query(
    history,
    `UPDATE runs SET deleted_at = NULL, owner_pid = NULL, owner_started = NULL
     WHERE id IN (SELECT value FROM json_each(?))`,
  ).run(JSON.stringify(runIds));
  copyStudies(history, { from: 'bundle', to: 'main' }, runIds);
}

/** What of a result only the history knows. */
function describeArrivals(
  history: Connection,
  { imported, skipped }: ImportResult,
): Pick<ImportResult, 'inBin' | 'absent'> {
  const inBin = new Query<{ id: string }>(
    history,
    `SELECT id FROM runs WHERE deleted_at IS NOT NULL
       AND id IN (SELECT value FROM json_each(?)) ORDER BY run_key`,
  );
  const absent = new Query<{ record: string }>(
    history,
    `SELECT record FROM datasets WHERE in_library = 0 AND id IN (
       SELECT dataset_id FROM runs WHERE id IN (SELECT value FROM json_each(?))) ORDER BY name`,
  );
  return {
    inBin: inBin.all(JSON.stringify(skipped)).map(({ id }) => id),
    absent: absent.all(JSON.stringify(imported)).map(({ record }) => parseDatasetRecord(record)),
  };
}

/** Damage is the bundle's, but space is what the history's disk wants. */
function toImportError(error: unknown, path: string, historyPath: string): unknown {
  if (!(error instanceof AfterimageError)) return toStoreError(error, historyPath);
  if (error.code === 'DISK_FULL') return noSpace(historyPath);
  return error.code === 'CORRUPT_HISTORY' ? corruptBundle(path, error.message, error) : error;
}

/**
 * Adds the runs of a bundle that the history does not have yet. CORRUPT_INPUT if the bundle was cut
 * short or changed, NEWER_VERSION if a later version wrote it; in both cases nothing is imported.
 */
export async function importBundle(
  history: Connection,
  path: string,
  place: Place,
  options: BundleOptions = {},
): Promise<ImportResult> {
  const database = nameUnfinished(dirname(place.historyPath));
  try {
    place.folder.checkRoom();
    options.onProgress?.({ step: 'Reading the file', done: 0, total: null });
    const format = await unpackBundle(path, database, options.signal);
    await checkUnpacked({ database, path, format }, history, place.appVersion, options);
    return await insertRuns(database, place, options);
  } catch (error) {
    throw toImportError(error, path, place.historyPath);
  } finally {
    await removeDatabase(database);
  }
}
