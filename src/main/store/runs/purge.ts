import { AfterimageError, isPassing } from '../../../core/errors.ts';
import { takeSteps } from '../../platform/longTask.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { DataFolder } from '../database/dataFolder.ts';
import type { Checkpoints } from '../epochs/checkpoints.ts';
import type { Room } from '../space/room.ts';
import type { RunLookup } from './runLookup.ts';
import { inTransit } from './runRows.ts';

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
  readonly #room: Room;

  /** @param folder whose space is made, and to whose owner runs belong while they are removed */
  constructor(connection: Connection, lookup: RunLookup, folder: DataFolder, room: Room) {
    this.#folder = folder;
    this.#room = room;
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
   * Removes the checkpoints of runs that do not go on, which earlier versions kept, and gives their
   * space back. What cannot be done now is done with a later start.
   */
  async dropSpentCheckpoints(checkpoints: Checkpoints, signal: AbortSignal): Promise<void> {
    const left = (): boolean => !signal.aborted && checkpoints.countSpent() > 0;
    if (!left()) return;
    try {
      await takeSteps(dropEach(checkpoints, left));
      await this.#room.shrink({ signal });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AfterimageError && isPassing(error.code)) return;
      throw error;
    }
  }

  async #removeAll(keys: readonly number[]): Promise<void> {
    for (const key of keys) {
      await this.#room.removeInTurns(
        () => this.#removeInSteps(key),
        () => {
          this.#removeRun(key);
        },
      );
    }
    await this.#room.shrink();
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
}

/** One a step: each is megabytes. */
function* dropEach(checkpoints: Checkpoints, left: () => boolean): Generator<undefined, void> {
  while (left()) {
    checkpoints.removeSpent();
    yield;
  }
}
