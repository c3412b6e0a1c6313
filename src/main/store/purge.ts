import { AfterimageError } from '../../shared/errors.ts';
import { Query, type Connection } from './connection.ts';
import type { RunLookup } from './runLookup.ts';

/** Pages given back to the file system per transaction, so that other processes wait only shortly. */
const pagesPerTransaction = 4000;

/** Removes runs of the bin for good. */
export class Purge {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #isDeleted: Query<{ deleted: number }>;
  readonly #remove: Query<never>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#isDeleted = new Query(
      connection,
      'SELECT deleted_at IS NOT NULL AS deleted FROM runs WHERE run_key = ?',
    );
    this.#remove = new Query(connection, 'DELETE FROM runs WHERE run_key = ?');
  }

  /**
   * Removes runs with all that hangs on them and gives the space back. CONFLICT, and nothing is
   * removed, if one of them does not lie in the bin.
   */
  purge(runIds: readonly string[]): void {
    const keys = runIds.map((runId) => this.#keyInBin(runId));
    for (const key of keys) {
      this.#connection.transaction(() => {
        this.#remove.run(key);
        this.#removeOrphans();
      });
    }
    this.#shrink();
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
  #shrink(): void {
    try {
      this.#vacuum();
    } catch (error) {
      const isPassing =
        error instanceof AfterimageError && (error.code === 'DISK_FULL' || error.code === 'LOCKED');
      if (!isPassing) throw error;
    }
  }

  #vacuum(): void {
    const freePages = (): number => Number(this.#connection.pragma('freelist_count'));
    for (let left = freePages(); left > 0;) {
      this.#connection.exec(`PRAGMA incremental_vacuum(${pagesPerTransaction})`);
      const now = freePages();
      if (now >= left) break;
      left = now;
    }
    this.#connection.pragma('wal_checkpoint(PASSIVE)');
  }
}
