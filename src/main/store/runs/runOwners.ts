import { AfterimageError } from '../../../core/errors.ts';
import type { RunError, RunStatus } from '../../../core/records.ts';
import { isAlive } from '../../platform/processes.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { DataFolder } from '../database/dataFolder.ts';
import type { OwnerLocks } from '../database/locks.ts';
import type { RunLookup } from './runLookup.ts';
import { inTransit } from './runRows.ts';

interface OwnedRow {
  id: string;
  run_key: number;
  status: string;
  owner_pid: number;
  /** The name of its lock; from earlier versions, when it started. */
  owner_started: string;
}

/** What a process may ask of a run that another owns. */
export type RunWish = 'pause' | 'stop' | 'start';

/** What a process finds of a run that another changed. */
export interface OwnedRun {
  status: RunStatus;
  isDeleted: boolean;
  asked: RunWish | null;
}

const abandoned: RunError = {
  code: 'TRAINER_DIED',
  message: 'The process that trained this run ended before the run did.',
  remedy: 'Resume the run: it goes on from its last checkpoint.',
  log: [],
};

/**
 * Which process works on which run, so that two processes on one history do not train the same run,
 * and so that a run whose process died is seen as interrupted.
 */
export class RunOwners {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #folder: DataFolder;
  readonly #locks: OwnerLocks;
  readonly #ownerOf: Query<OwnedRow>;
  readonly #owned: Query<OwnedRow>;
  readonly #set: Query<never>;
  readonly #interrupt: Query<never>;
  readonly #removeInTransit: Query<never>;
  readonly #ask: Query<never>;
  readonly #wishOf: Query<{ status: RunStatus; deleted_at: string | null; asked: RunWish | null }>;
  readonly #training: Query<{ id: string; owner_started: string }>;

  constructor(connection: Connection, lookup: RunLookup, folder: DataFolder) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#folder = folder;
    this.#locks = folder.owners;
    const owned = `SELECT id, run_key, status, owner_pid, owner_started FROM runs
      WHERE owner_pid IS NOT NULL`;
    this.#ownerOf = new Query(connection, `${owned} AND run_key = ?`);
    this.#owned = new Query(connection, owned);
    this.#set = new Query(
      connection,
      'UPDATE runs SET owner_pid = ?, owner_started = ? WHERE run_key = ?',
    );
    this.#interrupt = new Query(
      connection,
      "UPDATE runs SET status = 'interrupted', error = ?, asked = NULL WHERE run_key = ?",
    );
    this.#ask = new Query(connection, 'UPDATE runs SET asked = ? WHERE run_key = ?');
    this.#wishOf = new Query(
      connection,
      'SELECT status, deleted_at, asked FROM runs WHERE run_key = ?',
    );
    this.#training = new Query(
      connection,
      `SELECT id, owner_started FROM runs WHERE owner_pid IS NOT NULL AND status = 'running'`,
    );
    this.#removeInTransit = new Query(
      connection,
      `DELETE FROM runs WHERE run_key = ? AND ${inTransit}`,
    );
  }

  /** Makes this process the run's owner; CONFLICT while another live process is, DISK_FULL without room. */
  claim(runId: string): void {
    this.#folder.checkRoom();
    this.#connection.transaction(() => {
      this.checkFree(runId);
      this.#set.run(this.#locks.pid, this.#locks.hold(), this.#lookup.keyOf(runId));
    });
  }

  /** CONFLICT while another live process owns the run. */
  checkFree(runId: string): void {
    const row = this.#ownerOf.get(this.#lookup.keyOf(runId));
    if (row === undefined || this.#isSelf(row) || !this.#isAlive(row)) return;
    throw new AfterimageError(
      'CONFLICT',
      `Run ${runId} belongs to another Afterimage process, number ${row.owner_pid}.`,
      'Pause or stop the run there, or wait until it is done.',
    );
  }

  /** Gives up a run that this process owns; nothing happens to others'. */
  release(runId: string): void {
    this.#connection.transaction(() => {
      const row = this.#ownerOf.get(this.#lookup.keyOf(runId));
      if (row && this.#isSelf(row)) this.#set.run(null, null, row.run_key);
    });
  }

  /** Whether a live process other than this one owns the run. */
  isOwnedElsewhere(runId: string): boolean {
    const row = this.#ownerOf.get(this.#lookup.keyOf(runId));
    return row !== undefined && !this.#isSelf(row) && this.#isAlive(row);
  }

  /** Asks the process that owns a run; null takes back what was asked. */
  ask(runId: string, wish: RunWish | null): void {
    this.#ask.run(wish, this.#lookup.keyOf(runId));
  }

  /** How a run stands that this process owns; null for others. */
  findOwn(runId: string): OwnedRun | null {
    const row = this.#lookup.has(runId) ? this.#ownerOf.get(this.#lookup.keyOf(runId)) : undefined;
    const wish = row && this.#isSelf(row) ? this.#wishOf.get(row.run_key) : undefined;
    if (wish === undefined) return null;
    const { status, deleted_at: deletedAt, asked } = wish;
    return { status, isDeleted: deletedAt !== null, asked };
  }

  /** The runs that other processes train, by the names of their locks. */
  listTrainedElsewhere(): Map<string, string[]> {
    const others = this.#training
      .all()
      .filter(({ owner_started: name }) => !this.#locks.isOwn(name));
    const byLock = Map.groupBy(others, ({ owner_started: name }) => name);
    return new Map([...byLock].map(([name, rows]) => [name, rows.map(({ id }) => id)]));
  }

  /** The name of this process's lock; see OwnerLocks.hold. */
  get lockName(): string {
    return this.#locks.hold();
  }

  /**
   * Takes runs from owners that are gone: running ones become interrupted, queued ones free, and those
   * that came or went (see `inTransit`) go.
   * @returns the ids of those that are interrupted now
   */
  interruptAbandoned(): string[] {
    const seen = this.#owned.all().filter((row) => !this.#isAlive(row));
    const abandon = (): string[] => seen.filter((row) => this.#abandon(row)).map((row) => row.id);
    const interrupted = seen.length === 0 ? [] : this.#connection.transaction(abandon);
    this.#locks.sweep();
    return interrupted;
  }

  /** @returns whether the run was running */
  #abandon(row: OwnedRow): boolean {
    const now = this.#ownerOf.get(row.run_key);
    // Another process was faster.
    if (now?.owner_pid !== row.owner_pid || now.owner_started !== row.owner_started) return false;
    if (this.#removeInTransit.run(row.run_key) > 0) return false;
    this.#set.run(null, null, row.run_key);
    if (now.status !== 'running') return false;
    this.#interrupt.run(JSON.stringify(abandoned), row.run_key);
    return true;
  }

  #isSelf(row: OwnedRow): boolean {
    return this.#locks.isOwn(row.owner_started);
  }

  #isAlive({ owner_pid: pid, owner_started: name }: OwnedRow): boolean {
    if (this.#locks.isName(name)) return this.#locks.isOwn(name) || this.#locks.isHeld(name);
    return isAlive({ pid, started: name });
  }
}
