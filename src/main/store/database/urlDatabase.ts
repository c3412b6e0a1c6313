import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { SqlParameters } from './connection.ts';

/** What a connection asks of a database; better-sqlite3's has more. */
export interface PlainStatement {
  get: (...parameters: SqlParameters) => unknown;
  all: (...parameters: SqlParameters) => unknown[];
  run: (...parameters: SqlParameters) => { changes: number };
}

/** SQLite's primary result codes, as better-sqlite3 spells them, that reading may end with. */
const codes: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') {
      Object.assign(error, { code: codes[error.errcode & 0xff] ?? 'SQLITE_ERROR' });
    }
    throw error;
  }
}

/** A file that will not change, as SQLite must be told where it can put no file beside it. */
export function frozenUrl(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}

/**
 * A database through Node's own SQLite, which takes URLs, and better-sqlite3 takes none: a history
 * that nobody can write, or a file to which one shall be attached.
 */
export class UrlDatabase {
  readonly #database: DatabaseSync;

  constructor(url: URL, readOnly: boolean) {
    // Loaded here, so that a runtime without it opens every other history.
    const sqlite = process.getBuiltinModule('node:sqlite');
    this.#database = guard(() => new sqlite.DatabaseSync(url, { readOnly }));
  }

  prepare(sql: string): PlainStatement {
    const statement = guard(() => this.#database.prepare(sql));
    return {
      get: (...parameters) => guard(() => statement.get(...given(parameters))),
      all: (...parameters) => guard(() => statement.all(...given(parameters))),
      run: (...parameters) => ({
        changes: Number(guard(() => statement.run(...given(parameters))).changes),
      }),
    };
  }

  exec(sql: string): void {
    guard(() => {
      this.#database.exec(sql);
    });
  }

  pragma(pragma: string): unknown {
    const row = guard(() => this.#database.prepare(`PRAGMA ${pragma}`).get());
    return row && Object.values(row)[0];
  }

  close(): void {
    this.#database.close();
  }
}

/** Both libraries take the same values; their types say so in different words. */
const given = (parameters: SqlParameters): SQLInputValue[] => parameters as SQLInputValue[];
