import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { codeOf } from '../../platform/errors.ts';
import { makeFolder, privateFolderMode } from '../../platform/folders.ts';
import { toStoreError } from './errors.ts';

/** `shared`: with others who share it; `exclusive`: alone. */
export type LockKind = 'shared' | 'exclusive';

export interface LockOptions {
  /** Of the file, which need not be there unless `isThere` says so. */
  path: string;
  kind: LockKind;
  /** How long to wait for others, ms. */
  patienceMs?: number;
  isThere?: boolean;
}

/**
 * A lock on a file that the system drops when the process ends, however it does, and that processes
 * see which cannot see each other (containers that share a folder): an open transaction on an empty
 * database, since SQLite knows how each platform locks files.
 *
 * Nothing else may open these files: closing them would drop this process's locks.
 */
export class FileLock {
  readonly #database: Database.Database;

  private constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Null where others hold it in another way. */
  static take({ path, kind, patienceMs = 0, isThere = false }: LockOptions): FileLock | null {
    let database: Database.Database | undefined;
    try {
      database = new Database(path, { timeout: patienceMs, fileMustExist: isThere });
      database.pragma('journal_mode = MEMORY');
      database.exec(kind === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
      // A transaction that may write locks at once, one that reads at its first reading.
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return new FileLock(database);
    } catch (error) {
      database?.close();
      if (codeOf(error).startsWith('SQLITE_BUSY')) return null;
      throw toStoreError(error, path);
    }
  }

  release(): void {
    this.#database.close();
  }
}

/** A lock that nobody holds is as good as none: where it cannot go now, it goes with a later start. */
function removeIfAllowed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Some systems keep files that are open, and folders may be read-only.
  }
}

const lockName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Which processes work on a history: each that owns runs holds a lock of a random name, which stands
 * with its runs. Whoever cannot take that lock knows that the owner lives.
 */
export class OwnerLocks {
  /** For messages; says nothing where processes cannot see each other. */
  readonly pid = process.pid;
  readonly #folder: string;
  #own: { name: string; lock: FileLock } | null = null;

  /** @param folder made with the first lock */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The name of this process's lock, which it holds from then on until `close`. */
  hold(): string {
    while (this.#own === null) this.#own = this.#take();
    return this.#own.name;
  }

  /** Whether it is the lock that this process holds. */
  isOwn(name: string): boolean {
    return this.#own?.name === name;
  }

  /** Whether these are words that name a lock; earlier versions knew owners by their start time. */
  isName(name: string): boolean {
    return lockName.test(name);
  }

  isHeld(name: string): boolean {
    const path = join(this.#folder, name);
    if (!existsSync(path)) return false;
    const lock = this.#probe(path);
    lock?.release();
    return lock === null;
  }

  /** Removes the locks of processes that are gone. */
  sweep(): void {
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : [];
    for (const name of names.filter((each) => this.isName(each) && !this.isOwn(each))) {
      const path = join(this.#folder, name);
      const lock = this.#probe(path);
      // Still held: whoever has just made the file and waits for it sees that it is gone.
      if (lock !== null) removeIfAllowed(path);
      lock?.release();
    }
  }

  close(): void {
    if (this.#own === null) return;
    this.#own.lock.release();
    removeIfAllowed(join(this.#folder, this.#own.name));
    this.#own = null;
  }

  /** Shared, so that several who ask do not take each other for the owner. */
  #probe(path: string): FileLock | null {
    return FileLock.take({ path, kind: 'shared', isThere: true });
  }

  /** Null where someone swept the file away between its making and its locking. */
  #take(): { name: string; lock: FileLock } | null {
    makeFolder(this.#folder, privateFolderMode);
    const name = randomUUID();
    const path = join(this.#folder, name);
    const lock = FileLock.take({ path, kind: 'exclusive', patienceMs: 1000 });
    if (lock !== null && existsSync(path)) return { name, lock };
    lock?.release();
    return null;
  }
}
