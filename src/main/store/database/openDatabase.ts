import { busyTimeoutMs, Connection } from './connection.ts';
import { checkHistory, migrate } from './migrate.ts';
import { AfterimageError } from '../../../core/errors.ts';

/** The write-ahead log is cut back to this after a transaction that made it longer, bytes. */
const journalSizeLimit = 64 * 2 ** 20;

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

/** Has to precede the file's first table; in a file that has one it would wait for the write lock. */
function setUpNewFile(connection: Connection): void {
  if (connection.pragma('schema_version') !== 0) return;
  connection.exec('PRAGMA auto_vacuum = INCREMENTAL');
}

/**
 * Opens the history file, making or migrating it first. Readers do not wait for the writer (WAL), and
 * what was committed outlives a power cut (synchronous FULL: one more fsync per transaction, of which
 * a run makes one or two per epoch; bench/README.md has the price).
 */
export function openDatabase(path: string, appVersion: string): Connection {
  const connection = new Connection(path);
  try {
    checkHistory(connection);
    setUpNewFile(connection);
    useWriteAheadLog(connection);
    connection.exec(
      `PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
       PRAGMA journal_size_limit = ${journalSizeLimit}`,
    );
    migrate(connection, appVersion);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A history in one plain file without a log beside it: the inside of a bundle, which errors name. */
export function openSingleFile(path: string, appVersion: string, name = path): Connection {
  const connection = new Connection(path, name);
  try {
    checkHistory(connection);
    connection.exec(
      'PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF',
    );
    migrate(connection, appVersion);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
