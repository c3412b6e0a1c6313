import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { computeSha256 } from '../../platform/hashes.ts';
import { Connection, Query } from '../database/connection.ts';
import { privateFileMode } from '../../platform/folders.ts';
import { toStoreError } from '../database/errors.ts';
import { sideFiles } from '../files.ts';

export const cacheFileName = 'cache.sqlite';

/** Of the tables below; a file with another number is thrown away. */
const layout = 1;
const defaultLimitBytes = 256e6;
/** Rows that go at a time where there is no room, least recently used first. */
const rowsAtOnce = 16;
/** How long it waits for another process, ms: computing again may take as long. */
const patienceMs = 500;

const tables = `
  CREATE TABLE entries (
    key TEXT PRIMARY KEY,
    run_id TEXT NOT NULL,
    -- Counts up with every use.
    used INTEGER NOT NULL,
    -- SHA-256 of the key and the data: SQLite itself does not notice a changed byte of a BLOB.
    digest TEXT NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_use ON entries (used);
  CREATE INDEX entries_by_run ON entries (run_id);
  CREATE TABLE bounds (bytes INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${layout};`;

const digestOf = (key: string, data: Uint8Array): string =>
  computeSha256(`${key}${computeSha256(data)}`);

interface Entry {
  key: string;
  digest: string;
  data: Uint8Array;
}

/** The statements of an open cache. */
function prepare(connection: Connection) {
  const inList = 'IN (SELECT value FROM json_each(?))';
  return {
    connection,
    take: new Query<Entry>(connection, `SELECT key, digest, data FROM entries WHERE key ${inList}`),
    touch: new Query<never>(
      connection,
      `UPDATE entries SET used = (SELECT coalesce(max(used), 0) + 1 FROM entries) WHERE key ${inList}`,
    ),
    remove: new Query<never>(connection, `DELETE FROM entries WHERE key ${inList}`),
    removeRuns: new Query<never>(connection, `DELETE FROM entries WHERE run_id ${inList}`),
    removeAll: new Query<never>(connection, 'DELETE FROM entries'),
    any: new Query<{ used: number }>(connection, 'SELECT used FROM entries LIMIT 1'),
    removeOldest: new Query<never>(
      connection,
      `DELETE FROM entries WHERE key IN
         (SELECT key FROM entries ORDER BY used LIMIT ${rowsAtOnce})`,
    ),
    keep: new Query<never>(
      connection,
      `INSERT INTO entries VALUES
         (@key, @runId, (SELECT coalesce(max(used), 0) + 1 FROM entries), @digest, @data)
       ON CONFLICT (key) DO UPDATE SET used = excluded.used, digest = excluded.digest,
         data = excluded.data`,
    ),
    limit: new Query<{ bytes: number }>(connection, 'SELECT bytes FROM bounds'),
    setLimit: new Query<never>(connection, 'UPDATE bounds SET bytes = ?'),
  };
}
type OpenCache = ReturnType<typeof prepare>;

const pragma = (connection: Connection, name: string): number => Number(connection.pragma(name));

/** What its content takes of the file, bytes. */
const sizeOf = (connection: Connection): number =>
  (pragma(connection, 'page_count') - pragma(connection, 'freelist_count')) *
  pragma(connection, 'page_size');

/**
 * What can be computed again from the history and takes long, so that it is computed once: keys and
 * bytes, in a file of its own that window and commands share. It is bounded; what was not used for
 * longest goes first. Nothing in it is ever missed: a damaged file, or one of another layout, is
 * thrown away, and where none can be read or written, nothing is kept.
 */
export class DerivedCache {
  readonly #path: string;
  readonly #isReadOnly: boolean;
  #open: OpenCache | null = null;
  /** What a file that is made anew is bounded to, bytes. */
  #limitBytes = defaultLimitBytes;

  constructor(dataDir: string, isReadOnly: boolean) {
    this.#path = join(dataDir, cacheFileName);
    this.#isReadOnly = isReadOnly;
  }

  /** The data that is kept under each of the keys, which then count as used. */
  take(keys: readonly string[]): Map<string, Uint8Array> {
    const found = this.#attempt({ make: false }, ({ take, touch, remove }) => {
      const list = JSON.stringify(keys);
      const rows = take.all(list);
      const damaged = rows.filter(({ key, digest, data }) => digestOf(key, data) !== digest);
      if (damaged.length > 0) remove.run(JSON.stringify(damaged.map(({ key }) => key)));
      if (rows.length > 0) touch.run(list);
      return rows.filter((row) => !damaged.includes(row));
    });
    return new Map(found?.map(({ key, data }) => [key, data]));
  }

  /** Keeps data of a run; what it leaves no room for goes. */
  keep(runId: string, key: string, data: Uint8Array): void {
    this.#attempt({ make: true }, (cache) => {
      cache.keep.run({ key, runId, digest: digestOf(key, data), data });
      shrink(cache);
    });
  }

  dropRuns(runIds: readonly string[]): void {
    this.#attempt({ make: false }, (cache) => {
      cache.removeRuns.run(JSON.stringify(runIds));
    });
  }

  clear(): void {
    this.#attempt({ make: false }, ({ connection, removeAll }) => {
      removeAll.run();
      connection.exec('PRAGMA incremental_vacuum');
    });
  }

  info(): { bytes: number; limitBytes: number } {
    const bytes = this.#attempt({ make: false }, ({ connection, any }) =>
      any.get() === undefined ? 0 : sizeOf(connection),
    );
    return { bytes: bytes ?? 0, limitBytes: this.#limitBytes };
  }

  /** Lets no more stay than fit into so many bytes; 0 keeps nothing. */
  setLimit(bytes: number): void {
    this.#limitBytes = bytes;
    this.#attempt({ make: true }, (cache) => {
      cache.setLimit.run(bytes);
      shrink(cache);
    });
  }

  close(): void {
    this.#open?.connection.close();
    this.#open = null;
  }

  /** Runs `work` in a transaction; null where there is no cache to work on, or it could not be used. */
  #attempt<T>({ make }: { make: boolean }, work: (cache: OpenCache) => T): T | null {
    if (this.#isReadOnly) return null;
    try {
      const cache = this.#openFile(make);
      return cache && cache.connection.transaction(() => work(cache));
    } catch (cause) {
      const error = toStoreError(cause, this.#path);
      if (!(error instanceof AfterimageError)) throw cause;
      if (error.code === 'CORRUPT_HISTORY') this.#throwAway();
      return null;
    }
  }

  #openFile(make: boolean): OpenCache | null {
    if (this.#open !== null) return this.#readLimit(this.#open);
    const isThere = statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
    if (!isThere && !make) return null;
    const connection = openConnection(this.#path, this.#limitBytes);
    if (connection === null) {
      this.#throwAway();
      return make ? this.#openFile(make) : null;
    }
    this.#open = prepare(connection);
    return this.#readLimit(this.#open);
  }

  /** Another process may have set it. */
  #readLimit(cache: OpenCache): OpenCache {
    this.#limitBytes = cache.limit.get()?.bytes ?? this.#limitBytes;
    return cache;
  }

  #throwAway(): void {
    if (this.#isReadOnly) return;
    try {
      this.close();
    } catch {
      // Of a damaged file, nothing is left to be written.
      this.#open = null;
    }
    try {
      for (const file of [this.#path, ...sideFiles(this.#path)]) rmSync(file, { force: true });
    } catch {
      // Some systems keep a file as long as another process has it open.
    }
  }
}

/** Removes what there is no room for, and gives its space back. */
function shrink({ connection, limit, removeOldest }: OpenCache): void {
  const bound = limit.get()?.bytes ?? defaultLimitBytes;
  if (sizeOf(connection) <= bound) return;
  while (sizeOf(connection) > bound && removeOldest.run() > 0);
  connection.exec('PRAGMA incremental_vacuum');
}

/** Null where what lies there is of another layout. */
function openConnection(path: string, limitBytes: number): Connection | null {
  // As nobody else may read what it holds; where it is there already, nothing changes.
  closeSync(openSync(path, 'a', privateFileMode));
  const connection = new Connection(path);
  try {
    // A power cut may damage it, and then it is thrown away: that is cheaper than waiting for disks.
    connection.exec(
      `PRAGMA auto_vacuum = INCREMENTAL; PRAGMA busy_timeout = ${patienceMs};
       PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF`,
    );
    connection.transaction(() => {
      if (pragma(connection, 'schema_version') > 0) return;
      connection.exec(`${tables} INSERT INTO bounds VALUES (${limitBytes})`);
    });
    if (pragma(connection, 'user_version') === layout) return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
  connection.close();
  return null;
}
