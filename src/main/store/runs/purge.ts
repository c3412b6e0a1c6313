import { AfterimageError, type ErrorCode } from '../../../core/errors.ts';
import { takeSteps } from '../../platform/longTask.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { DataFolder } from '../database/dataFolder.ts';
import type { Checkpoints } from '../epochs/checkpoints.ts';
import type { RunLookup } from './runLookup.ts';
import { inTransit } from './runRows.ts';

/** Pages given back to the file system at a time: 1 MB; on a full disk, where the log has to hold them. */
const [pagesPerStep, pagesOnFullDisk] = [250, 25];

const isOf = (error: unknown, code: ErrorCode): boolean =>
  error instanceof AfterimageError && error.code === code;

/** Removes runs of the bin for good. */
export class Purge {
  readonly #folder: DataFolder;
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #isDeleted: Query<{ deleted: number }>;
  readonly #letGo: Query<never>;
  readonly #removeLastEpoch: Query<never>;
  readonly #remove: Query<never>;
  readonly #inTransit: Query<{ run_key: number }>;
  /** Whether there is so little space that even removing has to do with a small log. */
  #isTight: boolean;

  /** @param folder whose space is made, and to whose owner runs belong while they are removed */
  constructor(connection: Connection, lookup: RunLookup, folder: DataFolder) {
    this.#folder = folder;
    this.#isTight = folder.isFull;
    this.#connection = connection;
    this.#lookup = lookup;
    this.#isDeleted = new Query(
      connection,
      'SELECT deleted_at IS NOT NULL AS deleted FROM runs WHERE run_key = ?',
    );
    this.#letGo = new Query(
      connection,
      `UPDATE runs SET status = iif(status = 'queued', 'stopped', status), queue_position = NULL,
         owner_pid = ?, owner_started = ? WHERE run_key = ?`,
    );
    this.#removeLastEpoch = new Query(
      connection,
      `DELETE FROM epochs WHERE run_key = @runKey
         AND epoch = (SELECT max(epoch) FROM epochs WHERE run_key = @runKey)`,
    );
    this.#remove = new Query(connection, 'DELETE FROM runs WHERE run_key = ?');
    this.#inTransit = new Query(
      connection,
      `SELECT run_key FROM runs WHERE id IN (SELECT value FROM json_each(?)) AND ${inTransit}`,
    );
  }

  /**
   * Removes runs with all that hangs on them and gives the space back. CONFLICT, and nothing is
   * removed, if one of them does not lie in the bin. They are gone from every list at once; their rows
   * go bit by bit, so that others can write meanwhile, and if this process ends before, with the next
   * one that opens the history.
   */
  async purge(runIds: readonly string[]): Promise<void> {
    const keys = this.#folder.makeRoom(() => this.#letAllGo(runIds));
    await this.#removeAll(keys);
  }

  #letAllGo(runIds: readonly string[]): number[] {
    const { pid } = this.#folder.owners;
    return this.#connection.transaction(() => {
      const inBin = runIds.map((runId) => this.#keyInBin(runId));
      for (const key of inBin) this.#letGo.run(pid, this.#folder.owners.hold(), key);
      return inBin;
    });
  }

  /** Removes those of the runs that are on their way in. */
  async removeArriving(runIds: readonly string[]): Promise<void> {
    const arriving = this.#inTransit.all(JSON.stringify(runIds));
    await this.#removeAll(arriving.map(({ run_key: key }) => key));
  }

  /**
   * Removes the checkpoints of runs that cannot go on, which earlier versions kept, and gives their
   * space back. What cannot be done now is done with a later start.
   */
  async dropSpentCheckpoints(checkpoints: Checkpoints, signal: AbortSignal): Promise<void> {
    const left = (): boolean => !signal.aborted && checkpoints.countSpent() > 0;
    if (!left()) return;
    try {
      await takeSteps(dropEach(checkpoints, left));
      await this.#shrink(signal);
    } catch (error) {
      if (!isOf(error, 'DISK_FULL') && !isOf(error, 'LOCKED')) throw error;
    }
  }

  async #removeAll(keys: readonly number[]): Promise<void> {
    for (const key of keys) await this.#removeInTurns(key);
    await this.#shrink();
  }

  async #removeInTurns(key: number): Promise<void> {
    try {
      await this.#takeTurns(key);
    } catch (error) {
      if (!isOf(error, 'DISK_FULL')) throw error;
      this.#isTight = true;
      this.#folder.giveBackReserve();
      if (this.#removedAtOnce(key)) return;
      this.#reuseLog();
      await this.#takeTurns(key);
    }
  }

  /** In one transaction, which takes less of the log than many do. */
  #removedAtOnce(key: number): boolean {
    try {
      this.#connection.transaction(() => {
        this.#removeRun(key);
      });
      return true;
    } catch (error) {
      if (!isOf(error, 'DISK_FULL')) throw error;
      return false;
    }
  }

  async #takeTurns(key: number): Promise<void> {
    const wrap = (turn: () => void): void => {
      this.#connection.transaction(turn);
      if (this.#isTight) this.#reuseLog();
    };
    const steps = this.#removeInSteps(key);
    await takeSteps(steps, this.#isTight ? { wrap, longestMs: 0 } : { wrap });
  }

  /**
   * Copies what the log holds into the history, if nobody reads it, so that what comes next takes its
   * place in the log and no more of the disk.
   */
  #reuseLog(mode: 'RESTART' | 'TRUNCATE' = 'RESTART'): void {
    try {
      this.#connection.pragma(`wal_checkpoint(${mode})`);
    } catch (error) {
      if (!isOf(error, 'DISK_FULL') && !isOf(error, 'LOCKED')) throw error;
    }
  }

  *#removeInSteps(runKey: number): Generator<undefined, void> {
    while (this.#removeLastEpoch.run({ runKey }) > 0) yield;
    this.#removeRun(runKey);
  }

  #removeRun(runKey: number): void {
    this.#remove.run(runKey);
    this.#removeOrphans();
  }

  #keyInBin(runId: string): number {
    const key = this.#lookup.keyOf(runId);
    if (this.#isDeleted.get(key)?.deleted === 1) return key;
    throw new AfterimageError(
      'CONFLICT',
      `Run ${runId} is not in the bin.`,
      'Delete it first; a deleted run can be restored until it is purged.',
    );
  }

  /** Splits and data-set records that no run refers to any more. */
  #removeOrphans(): void {
    this.#connection.exec(
      `DELETE FROM splits
         WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.split_digest = splits.digest);
       DELETE FROM datasets WHERE in_library = 0
         AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.dataset_id = datasets.id)`,
    );
  }

  /** Space that cannot be given back now (a full disk, a busy history) is used or given back later. */
  async #shrink(signal?: AbortSignal): Promise<void> {
    try {
      await this.#vacuum(signal);
      if (this.#isTight) this.#reuseLog('TRUNCATE');
      else this.#connection.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!isOf(error, 'DISK_FULL') && !isOf(error, 'LOCKED')) throw error;
    }
  }

  async #vacuum(signal: AbortSignal | undefined): Promise<void> {
    try {
      await takeSteps(this.#vacuumInSteps(signal));
    } catch (error) {
      if (this.#isTight || !isOf(error, 'DISK_FULL')) throw error;
      this.#isTight = true;
      this.#reuseLog();
      await takeSteps(this.#vacuumInSteps(signal));
    }
  }

  *#vacuumInSteps(signal?: AbortSignal): Generator<undefined, void> {
    const freePages = (): number => Number(this.#connection.pragma('freelist_count'));
    for (let left = freePages(); left > 0 && signal?.aborted !== true;) {
      const pages = this.#isTight ? pagesOnFullDisk : pagesPerStep;
      this.#connection.exec(`PRAGMA incremental_vacuum(${pages})`);
      if (this.#isTight) this.#reuseLog();
      const now = freePages();
      if (now >= left) break;
      left = now;
      yield;
    }
  }
}

/** One a step: each is megabytes. */
function* dropEach(checkpoints: Checkpoints, left: () => boolean): Generator<undefined, void> {
  while (left()) {
    checkpoints.removeSpent();
    yield;
  }
}
