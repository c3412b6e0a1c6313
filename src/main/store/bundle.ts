import { AfterimageError } from '../../shared/errors.ts';
import { bundleFamily, corruptBundle, packBundle, unpackBundle } from './bundleFile.ts';
import { Connection, Query } from './connection.ts';
import { damaged, toStoreError } from './errors.ts';
import { checkFolder, publish, readBeginning, removeDatabase, temporaryBeside } from './files.ts';
import { breathe, type LongTaskOptions } from './longTask.ts';
import { openDatabase, openSingleFile } from './openDatabase.ts';
import { copyRun } from './runCopy.ts';
import { RunChecker } from './runChecker.ts';
import { RunLookup } from './runLookup.ts';
import { verifyHistory } from './verify.ts';

export interface ImportResult {
  /** Ids of the runs that are new here. */
  imported: string[];
  /** Ids of the runs that were here already, be it in the bin; they stay as they are. */
  skipped: string[];
}

interface Place {
  historyPath: string;
  appVersion: string;
}

function attach(connection: Connection, path: string, name: string): void {
  new Query(connection, `ATTACH ? AS ${name}`).run(path);
}

async function collectRuns(
  runIds: readonly string[],
  databasePath: string,
  { historyPath, appVersion }: Place,
  { onProgress, signal }: LongTaskOptions,
): Promise<void> {
  const collected = openSingleFile(databasePath, appVersion);
  try {
    attach(collected, historyPath, 'history');
    const key = new Query<{ run_key: number }>(
      collected,
      'SELECT run_key FROM history.runs WHERE id = ?',
    );
    for (const [done, runId] of runIds.entries()) {
      onProgress?.({ step: `Run ${runId}`, done, total: runIds.length });
      collected.transaction(() => {
        copyRun(collected, { from: 'history', to: 'main' }, key.get(runId)?.run_key ?? 0);
      });
      await breathe();
      signal?.throwIfAborted();
    }
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

/** Writes runs with all that belongs to them, but no images, into one file for another machine. */
export async function exportBundle(
  runIds: readonly string[],
  path: string,
  place: Place,
  options: LongTaskOptions = {},
): Promise<void> {
  checkTarget(path);
  const database = temporaryBeside(path);
  const bundle = temporaryBeside(path);
  try {
    await collectRuns([...new Set(runIds)], database, place, options);
    options.onProgress?.({ step: 'Writing the file', done: 0, total: null });
    await packBundle(database, bundle, options.signal);
    publish(bundle, path);
  } catch (error) {
    throw toStoreError(error, path);
  } finally {
    removeDatabase(database);
    removeDatabase(bundle);
  }
}

interface SchemaRow {
  type: string;
  sql: string;
}

function listSchema(connection: Connection): SchemaRow[] {
  return new Query<SchemaRow>(
    connection,
    'SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name',
  ).all();
}

/** Refuses what could act by itself when a table is touched; no version of Afterimage writes it. */
function checkOnlyTables(connection: Connection): void {
  if (listSchema(connection).every(({ type }) => type === 'table' || type === 'index')) return;
  throw damaged('it holds triggers or views');
}

/** Opens an unpacked bundle, brought up to this version's schema; errors name the bundle. */
function openUnpacked(database: string, bundlePath: string, appVersion: string): Connection {
  const untouched = new Connection(database, bundlePath);
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
  options: LongTaskOptions,
): Promise<void> {
  if (JSON.stringify(listSchema(bundle)) !== JSON.stringify(listSchema(history))) {
    throw damaged('its tables are not those of a history');
  }
  if (new RunChecker(bundle).listRuns().length === 0) throw damaged('it holds no run');
  const [problem] = await verifyHistory(bundle, options);
  if (problem !== undefined) throw damaged(problem);
}

/** Copies the runs that the history does not have, all or none. */
function insertRuns(database: string, { historyPath, appVersion }: Place): ImportResult {
  const history = openDatabase(historyPath, appVersion);
  try {
    attach(history, database, 'bundle');
    const lookup = new RunLookup(history);
    const result: ImportResult = { imported: [], skipped: [] };
    history.transaction(() => {
      const runs = new Query<{ run_key: number; id: string }>(
        history,
        'SELECT run_key, id FROM bundle.runs ORDER BY run_key',
      );
      for (const { run_key, id } of runs.all()) {
        const isKnown = lookup.has(id);
        if (!isKnown) copyRun(history, { from: 'bundle', to: 'main' }, run_key);
        result[isKnown ? 'skipped' : 'imported'].push(id);
      }
    });
    return result;
  } finally {
    history.close();
  }
}

function toImportError(error: unknown, path: string): unknown {
  const isDamaged = error instanceof AfterimageError && error.code === 'CORRUPT_HISTORY';
  return isDamaged ? corruptBundle(path, error.message, error) : toStoreError(error, path);
}

/**
 * Adds the runs of a bundle that the history does not have yet. CORRUPT_INPUT if the bundle was cut
 * short or changed, NEWER_VERSION if a later version wrote it; in both cases nothing is imported.
 */
export async function importBundle(
  history: Connection,
  path: string,
  place: Place,
  options: LongTaskOptions = {},
): Promise<ImportResult> {
  const database = temporaryBeside(place.historyPath);
  try {
    options.onProgress?.({ step: 'Reading the file', done: 0, total: null });
    await unpackBundle(path, database, options.signal);
    const bundle = openUnpacked(database, path, place.appVersion);
    try {
      await checkContent(bundle, history, options);
    } finally {
      bundle.close();
    }
    return insertRuns(database, place);
  } catch (error) {
    throw toImportError(error, path);
  } finally {
    removeDatabase(database);
  }
}
