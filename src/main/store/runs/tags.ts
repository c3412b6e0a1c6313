import { changeTags, type TagChange } from '../../../core/tags.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from './runLookup.ts';

/** Words that people give to runs; each once per run, in alphabetical order. */
export class Tags {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #insert: Query<never>;
  readonly #remove: Query<never>;
  readonly #ofRuns: Query<{ run_key: number; tag: string }>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#insert = new Query(connection, 'INSERT OR IGNORE INTO run_tags VALUES (?, ?)');
    this.#remove = new Query(connection, 'DELETE FROM run_tags WHERE run_key = ? AND tag = ?');
    this.#ofRuns = new Query(
      connection,
      `SELECT run_key, tag FROM run_tags WHERE run_key IN (SELECT value FROM json_each(?))
       ORDER BY run_key, tag`,
    );
  }

  change(runId: string, { add = [], remove = [] }: TagChange): void {
    this.#connection.transaction(() => {
      const runKey = this.#lookup.keyOf(runId);
      const before = this.listOfRuns([runKey]).map(({ tag }) => tag);
      const after = new Set(changeTags(before, { add, remove }));
      for (const tag of remove) if (!after.has(tag)) this.#remove.run(runKey, tag);
      for (const tag of add) this.#insert.run(runKey, tag);
    });
  }

  listOfRuns(runKeys: readonly number[]): { run_key: number; tag: string }[] {
    return this.#ofRuns.all(JSON.stringify(runKeys));
  }
}
