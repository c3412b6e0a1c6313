import Database from 'better-sqlite3';
import { copyFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { AfterimageError } from '../../../core/errors.ts';
import { notWritable, toStoreError } from './errors.ts';
import { frozenUrl, UrlDatabase, type PlainStatement } from './urlDatabase.ts';

/** How long a statement waits for another process's lock, ms. */
export const busyTimeoutMs = 5000;

export type SqlValue = string | number | null | Uint8Array;
export type SqlParameters = SqlValue[] | [Record<string, SqlValue>];

/**
 * How a file is opened. `read`: what others write meanwhile is seen. `frozen`: nobody writes it, and
 * nothing can be written beside it. `collect`: it is written, in no transaction of ours, and a frozen
 * file may be attached to it.
 */
export type Access = 'write' | 'read' | 'frozen' | 'collect';

export interface ConnectionOptions {
  /** What errors call the file; by default its path. */
  name?: string;
  access?: Access;
  /** What whoever would write is told, where `access` does not let him. */
  refusal?: AfterimageError;
}

function openFile(path: string, access: Access): Database.Database | UrlDatabase {
  if (access === 'frozen') return new UrlDatabase(frozenUrl(path), true);
  if (access === 'collect') return new UrlDatabase(pathToFileURL(path), false);
  const isRead = access === 'read';
  return new Database(path, { timeout: busyTimeoutMs, readonly: isRead, fileMustExist: isRead });
}

/**
 * One connection to one database file. Statements are prepared once; every error of SQLite leaves as
 * an AfterimageError where there is one for it.
 */
export class Connection {
  readonly path: string;
  /** What errors call the file. */
  readonly name: string;
  readonly access: Access;
  /** What whoever would write is told, where `access` does not let him. */
  readonly refusal: AfterimageError;
  readonly #database: Database.Database | UrlDatabase;
  readonly #statements = new Map<string, PlainStatement>();

  constructor(path: string, options: ConnectionOptions = {}) {
    const { name = path, access = 'write', refusal = notWritable(name) } = options;
    this.path = path;
    this.refusal = refusal;
    this.name = name;
    this.access = access;
    this.#database = this.guard(() => openFile(path, access));
  }

  /** Runs `work`, translating what it throws. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const explained = toStoreError(error, this.name);
      throw this.access !== 'write' && isReadOnly(explained) ? this.refusal : explained;
    }
  }

  prepare(sql: string): PlainStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    // Either library takes named values for the first parameter, or values for all.
    const statement = this.#database.prepare(sql) as PlainStatement;
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Runs statements that return nothing and take no parameters. */
  exec(sql: string): void {
    this.guard(() => this.#database.exec(sql));
  }

  /** The first column of the first row of a pragma. */
  pragma(pragma: string): unknown {
    return this.guard(() => this.#database.pragma(pragma, { simple: true }));
  }

  /** Runs `work` in a transaction that may write; a nested one becomes a part of the outer one. */
  transaction<T>(work: () => T): T {
    const database = this.#database;
    if (this.access !== 'write' || database instanceof UrlDatabase) throw this.refusal;
    return this.guard(() => database.transaction(work).immediate());
  }

  /** Runs `work`, which only reads, on one state of the database. */
  snapshot<T>(work: () => T): T {
    const database = this.#database;
    if (database instanceof UrlDatabase) return this.guard(work);
    return this.guard(() => database.transaction(work).deferred());
  }

  /** Copies the database as it is to a new file, a few pages at a time. */
  async copyTo(path: string, onStep: (pages: { done: number; total: number }) => void) {
    const progress = ({ totalPages, remainingPages }: Database.BackupMetadata): number => {
      onStep({ done: totalPages - remainingPages, total: totalPages });
      return pagesPerStep;
    };
    try {
      // Of one that does not change, the file is all there is.
      if (this.#database instanceof UrlDatabase) await copyFile(this.path, path);
      else await this.#database.backup(path, { progress });
    } catch (error) {
      throw toStoreError(error, path);
    }
  }

  close(): void {
    this.guard(() => this.#database.close());
  }
}

const isReadOnly = (error: unknown): boolean =>
  error instanceof AfterimageError && error.code === 'READ_ONLY';

/** 2 MB: long enough to get on, short enough (some 10 ms) that the process still answers. */
const pagesPerStep = 500;

/** A statement and the type of its rows. It is prepared at its first use. */
export class Query<Row> {
  readonly #connection: Connection;
  readonly #sql: string;

  constructor(connection: Connection, sql: string) {
    this.#connection = connection;
    this.#sql = sql;
  }

  get(...parameters: SqlParameters): Row | undefined {
    return this.#connection.guard(
      () => this.#connection.prepare(this.#sql).get(...parameters) as Row | undefined,
    );
  }

  all(...parameters: SqlParameters): Row[] {
    return this.#connection.guard(
      () => this.#connection.prepare(this.#sql).all(...parameters) as Row[],
    );
  }

  /** @returns the number of rows changed */
  run(...parameters: SqlParameters): number {
    return this.#connection.guard(
      () => this.#connection.prepare(this.#sql).run(...parameters).changes,
    );
  }
}
