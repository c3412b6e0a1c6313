import { computeDigest } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from '../runs/runLookup.ts';

/** SQL: whether a run needs no checkpoint: it cannot go on, or has ended and is not to be trained further. */
export const isSpent =
  "(runs.status = 'stopped' OR (runs.status = 'completed' AND runs.keep_checkpoint = 0))";

/** The state from which each run goes on: the last one that its trainer sent. */
export class Checkpoints {
  readonly #lookup: RunLookup;
  readonly #replace: Query<never>;
  readonly #remove: Query<never>;
  readonly #countSpent: Query<{ count: number }>;
  readonly #removeSpent: Query<never>;
  readonly #get: Query<{ data: Uint8Array }>;
  readonly #has: Query<{ found: 1 }>;
  readonly #setKept: Query<never>;
  readonly #removeIfSpent: Query<never>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#lookup = lookup;
    this.#replace = new Query(
      connection,
      `INSERT INTO checkpoints VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET data = excluded.data, digest = excluded.digest`,
    );
    this.#remove = new Query(connection, 'DELETE FROM checkpoints WHERE run_key = ?');
    const ofSpent = `FROM checkpoints JOIN runs USING (run_key) WHERE ${isSpent}`;
    this.#countSpent = new Query(connection, `SELECT count(*) AS count ${ofSpent}`);
    this.#removeSpent = new Query(
      connection,
      `DELETE FROM checkpoints WHERE run_key = (SELECT run_key ${ofSpent} LIMIT 1)`,
    );
    this.#get = new Query(connection, 'SELECT data FROM checkpoints WHERE run_key = ?');
    this.#has = new Query(connection, 'SELECT 1 AS found FROM checkpoints WHERE run_key = ?');
    this.#setKept = new Query(connection, 'UPDATE runs SET keep_checkpoint = ? WHERE run_key = ?');
    this.#removeIfSpent = new Query(
      connection,
      `DELETE FROM checkpoints WHERE run_key = (SELECT run_key FROM runs WHERE run_key = ? AND ${isSpent})`,
    );
  }

  /** Stores the checkpoint in the place of the one before, or leaves that one as it was. */
  replace(runId: string, checkpoint: Uint8Array): void {
    this.#replace.run(this.#lookup.keyOf(runId), checkpoint, computeDigest([checkpoint]));
  }

  /** Removes that of a run which cannot go on any more. */
  remove(runId: string): void {
    this.#remove.run(this.#lookup.keyOf(runId));
  }

  /** Whether the run has one that can be gone on from; what it takes is not read. */
  has(runId: string): boolean {
    return this.#has.get(this.#lookup.keyOf(runId)) !== undefined;
  }

  /** Says whether a run keeps its checkpoint when it has completed, so that it can be trained further. */
  setKept(runId: string, kept: boolean): void {
    this.#setKept.run(kept ? 1 : 0, this.#lookup.keyOf(runId));
  }

  /** Removes that of a run which has ended, unless it is kept. */
  removeIfSpent(runId: string): void {
    this.#removeIfSpent.run(this.#lookup.keyOf(runId));
  }

  /** How many runs have one that they do not need: earlier versions kept them. */
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
