import { rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { publishNew } from '../../platform/files.ts';
import { nameUnfinished } from '../../platform/unfinished.ts';
import { makePrivateFile } from '../files.ts';
import { busyTimeoutMs, Connection } from './connection.ts';
import { notAHistory, notWritable, toStoreError } from './errors.ts';
import { noteChanges } from './noteChanges.ts';
import { checkCurrent, checkHistory, migrate } from './migrate.ts';

/** The write-ahead log is cut back to this after a transaction that made it longer, bytes. */
const journalSizeLimit = 64 * 2 ** 20;
/** No SQLite file with anything in it is shorter: its smallest page. */
const leastBytes = 512;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** SQLite does not wait for others when it changes the journal mode of a file, so this does. */
function useWriteAheadLog(connection: Connection): void {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const isLocked = error instanceof AfterimageError && error.code === 'LOCKED';
      if (!isLocked || performance.now() > deadline) throw error;
      sleep(20);
    }
  }
}

/** Bytes of a file; null where there is none. */
const sizeOf = (path: string): number | null =>
  statSync(path, { throwIfNoEntry: false })?.size ?? null;

/** SQLite takes a file that was cut to nothing for a new one. */
function checkNotCut(path: string, name = path): void {
  const size = sizeOf(path);
  if (size !== null && size < leastBytes) throw notAHistory(name);
}

/** Opens `connect`'s connection and lets `prepare` have it, or closes it again. */
function openWith(connection: Connection, prepare: (connection: Connection) => void): Connection {
  try {
    prepare(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A new file with a history's tables, to which nobody else has access. */
function fillNewFile(path: string, appVersion: string): void {
  makePrivateFile(path);
  openWith(new Connection(path), (connection) => {
    // Has to precede the file's first table.
    connection.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = OFF');
    migrate(connection, appVersion);
  }).close();
}

/** The file appears whole, so that one that is cut short is never taken for one in the making. */
function createDatabase(path: string, appVersion: string): void {
  if ((sizeOf(`${path}-wal`) ?? 0) > 0) throw lostHistory(path);
  const unfinished = nameUnfinished(dirname(path));
  try {
    fillNewFile(unfinished, appVersion);
    publishNew(unfinished, path);
  } catch (error) {
    throw toStoreError(error, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** SQLite would clear the log away, with what nobody has copied out of it yet. */
const lostHistory = (path: string): AfterimageError =>
  new AfterimageError(
    'CORRUPT_HISTORY',
    `${path} is missing, but the log that belongs to it, ${path}-wal, is there.`,
    'Put the history back, or a backup with "restore", or move the log away.',
  );

/**
 * Opens the history file, making or migrating it first. Readers do not wait for the writer (WAL), and
 * what was committed outlives a power cut (synchronous FULL: one more fsync per transaction, of which
 * a run makes one or two per epoch; bench/README.md has the price).
 */
export function openDatabase(path: string, appVersion: string): Connection {
  if (sizeOf(path) === null) createDatabase(path, appVersion);
  checkNotCut(path);
  return openWith(new Connection(path), (connection) => {
    checkHistory(connection);
    useWriteAheadLog(connection);
    connection.exec(
      `PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
       PRAGMA journal_size_limit = ${journalSizeLimit}`,
    );
    migrate(connection, appVersion);
    noteChanges(connection);
  });
}

/**
 * Opens a history that cannot be written, because of its place or for want of space. READ_ONLY where
 * it would have to be, to bring it up to this version's schema.
 *
 * @param refusal what whoever would write is told
 */
export function openForReading(path: string, refusal = notWritable(path)): Connection {
  checkNotCut(path);
  const isLogged = (sizeOf(`${path}-wal`) ?? 0) > 0;
  if (isLogged && sizeOf(`${path}-shm`) === null) throw unreadableLog(path);
  const prepare = (connection: Connection): void => {
    checkCurrent(connection);
    connection.exec('PRAGMA trusted_schema = OFF');
  };
  const access = isLogged ? 'read' : 'frozen';
  return openWith(new Connection(path, { access, refusal }), prepare);
}

/** SQLite reads a log only with an index of it beside it, which it would have to make. */
const unreadableLog = (path: string): AfterimageError =>
  new AfterimageError(
    'READ_ONLY',
    `${path} has a log that was never put into it, and that cannot be done where nothing can be written.`,
    'Copy the whole folder to a place of your own and open it there.',
  );

const singleFilePragmas =
  'PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF';

/** A new file as `openSingleFile` makes it, to which a history that is frozen can be attached. */
export function openCollection(path: string, appVersion: string): Connection {
  fillNewFile(path, appVersion);
  return openWith(new Connection(path, { access: 'collect' }), (connection) => {
    connection.exec(singleFilePragmas);
  });
}

/** A history in one plain file without a log beside it: the inside of a bundle, which errors name. */
export function openSingleFile(path: string, appVersion: string, name = path): Connection {
  if (sizeOf(path) === null) fillNewFile(path, appVersion);
  checkNotCut(path, name);
  return openWith(new Connection(path, { name }), (connection) => {
    checkHistory(connection);
    connection.exec(singleFilePragmas);
    migrate(connection, appVersion);
  });
}
