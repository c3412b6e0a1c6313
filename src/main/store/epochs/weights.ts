import { damaged } from '../database/errors.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { Epochs } from './epochs.ts';
import type { RunLookup } from '../runs/runLookup.ts';

/** The weights after every epoch of every run, each a whole safetensors file. */
export class Weights {
  readonly #lookup: RunLookup;
  readonly #epochs: Epochs;
  readonly #insert: Query<never>;
  readonly #get: Query<{ data: Uint8Array }>;

  constructor(connection: Connection, lookup: RunLookup, epochs: Epochs) {
    this.#lookup = lookup;
    this.#epochs = epochs;
    this.#insert = new Query(connection, 'INSERT INTO weights VALUES (?, ?, ?)');
    this.#get = new Query(connection, 'SELECT data FROM weights WHERE run_key = ? AND epoch = ?');
  }

  insert(runKey: number, epoch: number, weights: Uint8Array): void {
    this.#insert.run(runKey, epoch, weights);
  }

  /** Null stands for the best epoch, or the last where there is none; NOT_FOUND if not stored. */
  get(runId: string, epoch: number | null): { epoch: number; weights: Uint8Array } {
    const runKey = this.#lookup.keyOf(runId);
    const stored = this.#epochs.resolve(runKey, epoch);
    const row = this.#get.get(runKey, stored);
    if (!row) throw damaged(`run ${runId} has no weights of epoch ${stored}`);
    return { epoch: stored, weights: row.data };
  }
}
