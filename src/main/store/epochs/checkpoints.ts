import { computeDigest } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from '../runs/runLookup.ts';

/** SQL: statuses of runs that cannot go on, and so need no checkpoint. */
export const spentStatuses = "'completed', 'stopped'";

/** The state from which each run goes on: the last one that its trainer sent. */
export class Checkpoints {
  readonly #lookup: RunLookup;
  readonly #replace: Query<never>;
  readonly #remove: Query<never>;
  readonly #countSpent: Query<{ count: number }>;
  readonly #removeSpent: Query<never>;
  readonly #get: Query<{ data: Uint8Array }>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#lookup = lookup;
    this.#replace = new Query(
      connection,
      `INSERT INTO checkpoints VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET data = excluded.data, digest = excluded.digest`,
    );
    this.#remove = new Query(connection, 'DELETE FROM checkpoints WHERE run_key = ?');
    const ofSpent = `FROM checkpoints JOIN runs USING (run_key) WHERE status IN (${spentStatuses})`;
    this.#countSpent = new Query(connection, `SELECT count(*) AS count ${ofSpent}`);
    this.#removeSpent = new Query(
      connection,
      `DELETE FROM checkpoints WHERE run_key = (SELECT run_key ${ofSpent} LIMIT 1)`,
    );
    this.#get = new Query(connection, 'SELECT data FROM checkpoints WHERE run_key = ?');
  }

  /** Stores the checkpoint in the place of the one before, or leaves that one as it was. */
  replace(runId: string, checkpoint: Uint8Array): void {
    this.#replace.run(this.#lookup.keyOf(runId), checkpoint, computeDigest([checkpoint]));
  }

  /** Removes that of a run which cannot go on any more. */
  remove(runId: string): void {
    this.#remove.run(this.#lookup.keyOf(runId));
  }

  /** How many runs that cannot go on have one: earlier versions kept them. */
  countSpent(): number {
    return this.#countSpent.get()?.count ?? 0;
  }

  /** Removes one of those. */
  removeSpent(): void {
    this.#removeSpent.run();
  }

  /** Null if the run has none: it has not begun, or cannot go on. */
  get(runId: string): Uint8Array | null {
    return this.#get.get(this.#lookup.keyOf(runId))?.data ?? null;
  }
}
