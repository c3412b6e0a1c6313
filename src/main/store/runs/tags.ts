import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from './runLookup.ts';

/** Words that people give to runs; each once per run, in alphabetical order. */
export class Tags {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #insert: Query<never>;
  readonly #remove: Query<never>;
  readonly #clear: Query<never>;
  readonly #ofRuns: Query<{ run_key: number; tag: string }>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#insert = new Query(connection, 'INSERT OR IGNORE INTO run_tags VALUES (?, ?)');
    this.#remove = new Query(connection, 'DELETE FROM run_tags WHERE run_key = ? AND tag = ?');
    this.#clear = new Query(connection, 'DELETE FROM run_tags WHERE run_key = ?');
    this.#ofRuns = new Query(
      connection,
      `SELECT run_key, tag FROM run_tags WHERE run_key IN (SELECT value FROM json_each(?))
       ORDER BY run_key, tag`,
    );
  }

  add(runId: string, tags: readonly string[]): void {
    this.#connection.transaction(() => {
      const runKey = this.#lookup.keyOf(runId);
      for (const tag of tags) this.#insert.run(runKey, tag);
    });
  }

  remove(runId: string, tags: readonly string[]): void {
    this.#connection.transaction(() => {
      const runKey = this.#lookup.keyOf(runId);
      for (const tag of tags) this.#remove.run(runKey, tag);
    });
  }

  /** Replaces all tags of a run. */
  set(runId: string, tags: readonly string[]): void {
    this.#connection.transaction(() => {
      this.#clear.run(this.#lookup.keyOf(runId));
      this.add(runId, tags);
    });
  }

  listOfRuns(runKeys: readonly number[]): { run_key: number; tag: string }[] {
    return this.#ofRuns.all(JSON.stringify(runKeys));
  }
}
