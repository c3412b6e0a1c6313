import { computeDigest } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from '../runs/runLookup.ts';

/** The state from which each run goes on: the last one that its trainer sent. */
export class Checkpoints {
  readonly #lookup: RunLookup;
  readonly #replace: Query<never>;
  readonly #get: Query<{ data: Uint8Array }>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#lookup = lookup;
    this.#replace = new Query(
      connection,
      `INSERT INTO checkpoints VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET data = excluded.data, digest = excluded.digest`,
    );
    this.#get = new Query(connection, 'SELECT data FROM checkpoints WHERE run_key = ?');
  }

  /** Stores the checkpoint in the place of the one before, or leaves that one as it was. */
  replace(runId: string, checkpoint: Uint8Array): void {
    this.#replace.run(this.#lookup.keyOf(runId), checkpoint, computeDigest([checkpoint]));
  }

  /** Null if the run has none yet. */
  get(runId: string): Uint8Array | null {
    return this.#get.get(this.#lookup.keyOf(runId))?.data ?? null;
  }
}
