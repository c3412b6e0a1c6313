import { AfterimageError } from '../../../core/errors.ts';
import { joinRanges } from '../../../core/ranges.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { Epochs } from './epochs.ts';
import type { RunLookup } from '../runs/runLookup.ts';

/** The weights after every epoch of every run, each a whole safetensors file. */
export class Weights {
  readonly #lookup: RunLookup;
  readonly #epochs: Epochs;
  readonly #insert: Query<never>;
  readonly #get: Query<{ data: Uint8Array }>;
  readonly #list: Query<{ epoch: number }>;
  readonly #spare: Query<{ epoch: number }>;
  readonly #remove: Query<never>;
  readonly #noteRemoval: Query<never>;

  constructor(connection: Connection, lookup: RunLookup, epochs: Epochs) {
    this.#lookup = lookup;
    this.#epochs = epochs;
    this.#insert = new Query(connection, 'INSERT INTO weights VALUES (?, ?, ?)');
    this.#get = new Query(connection, 'SELECT data FROM weights WHERE run_key = ? AND epoch = ?');
    this.#list = new Query(
      connection,
      'SELECT epoch FROM weights WHERE run_key = ? ORDER BY epoch',
    );
    this.#spare = new Query(
      connection,
      `SELECT epoch FROM weights WHERE run_key = @runKey
         AND epoch IS NOT (SELECT best_epoch FROM runs WHERE run_key = @runKey)
         AND epoch <> (SELECT max(epoch) FROM epochs WHERE run_key = @runKey) ORDER BY epoch`,
    );
    this.#remove = new Query(connection, 'DELETE FROM weights WHERE run_key = ? AND epoch = ?');
    this.#noteRemoval = new Query(
      connection,
      `UPDATE epochs SET bytes = bytes - coalesce(weights_bytes, 0), weights_bytes = NULL
       WHERE run_key = ? AND epoch = ?`,
    );
  }

  insert(runKey: number, epoch: number, weights: Uint8Array): void {
    this.#insert.run(runKey, epoch, weights);
  }

  /** Null stands for the best epoch, or the last where there is none; NOT_FOUND if not stored. */
  get(runId: string, epoch: number | null): { epoch: number; weights: Uint8Array } {
    const runKey = this.#lookup.keyOf(runId);
    const stored = this.#epochs.resolve(runKey, epoch);
    const row = this.#get.get(runKey, stored);
    if (!row) throw this.#thinned(runId, runKey, stored);
    return { epoch: stored, weights: row.data };
  }

  /** Epochs whose weights are stored, ascending: those of others were given up to save space. */
  list(runId: string): number[] {
    return this.#list.all(this.#lookup.keyOf(runId)).map(({ epoch }) => epoch);
  }

  /** Those of them that are neither the best nor the last. */
  listSpare(runId: string): number[] {
    return this.#spare.all({ runKey: this.#lookup.keyOf(runId) }).map(({ epoch }) => epoch);
  }

  /** Gives up an epoch's weights for the space that they take; within a transaction. */
  giveUp(runId: string, epoch: number): void {
    const runKey = this.#lookup.keyOf(runId);
    this.#remove.run(runKey, epoch);
    this.#noteRemoval.run(runKey, epoch);
  }

  /** SHA-256, hex, of an epoch's weights, be they stored or not. */
  digestOf(runId: string, epoch: number): string {
    return this.#epochs.digestsOf(this.#lookup.keyOf(runId), epoch)?.weights ?? '';
  }

  #thinned(runId: string, runKey: number, epoch: number): AfterimageError {
    const left = this.#list.all(runKey).map((row) => row.epoch);
    return new AfterimageError(
      'NOT_FOUND',
      `The weights of epoch ${epoch} of run ${runId} are no longer stored.`,
      left.length === 0
        ? 'None of its epochs has any left: train it again for what needs them.'
        : `These epochs have theirs: ${joinRanges(left)}.`,
    );
  }
}
