import { AfterimageError, type ErrorCode } from '../../../core/errors.ts';
import { takeSteps } from '../../platform/longTask.ts';
import type { Owner } from '../../platform/processes.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from './runLookup.ts';
import { inTransit } from './runRows.ts';

/** Pages given back to the file system at a time: 1 MB. */
const pagesPerStep = 250;

const isOf = (error: unknown, code: ErrorCode): boolean =>
  error instanceof AfterimageError && error.code === code;

/** Removes runs of the bin for good. */
export class Purge {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #self: Owner;
  readonly #isDeleted: Query<{ deleted: number }>;
  readonly #letGo: Query<never>;
  readonly #removeLastEpoch: Query<never>;
  readonly #remove: Query<never>;
  readonly #inTransit: Query<{ run_key: number }>;

  /** @param self this process, to which runs belong while they are removed */
  constructor(connection: Connection, lookup: RunLookup, self: Owner) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#self = self;
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
    const keys = this.#connection.transaction(() => {
      const inBin = runIds.map((runId) => this.#keyInBin(runId));
      for (const key of inBin) this.#letGo.run(this.#self.pid, this.#self.started, key);
      return inBin;
    });
    await this.#removeAll(keys);
  }

  /** Removes those of the runs that are on their way in. */
  async removeArriving(runIds: readonly string[]): Promise<void> {
    const arriving = this.#inTransit.all(JSON.stringify(runIds));
    await this.#removeAll(arriving.map(({ run_key: key }) => key));
  }

  async #removeAll(keys: readonly number[]): Promise<void> {
    for (const key of keys) {
      try {
        await takeSteps(this.#removeInSteps(key), {
          wrap: (turn) => {
            this.#connection.transaction(turn);
          },
        });
      } catch (error) {
        if (!isOf(error, 'DISK_FULL')) throw error;
        // At once it takes less of the log, and a purge is what makes space on a full disk.
        this.#connection.transaction(() => {
          this.#removeRun(key);
        });
      }
    }
    await this.#shrink();
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
  async #shrink(): Promise<void> {
    try {
      await takeSteps(this.#vacuumInSteps());
      this.#connection.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!isOf(error, 'DISK_FULL') && !isOf(error, 'LOCKED')) throw error;
    }
  }

  *#vacuumInSteps(): Generator<undefined, void> {
    const freePages = (): number => Number(this.#connection.pragma('freelist_count'));
    for (let left = freePages(); left > 0;) {
      this.#connection.exec(`PRAGMA incremental_vacuum(${pagesPerStep})`);
      const now = freePages();
      if (now >= left) break;
      left = now;
      yield;
    }
  }
}
