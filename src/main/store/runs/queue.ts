import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from './runLookup.ts';

/** The order in which queued runs will start. */
export class Queue {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #list: Query<{ id: string }>;
  readonly #move: Query<never>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#list = new Query(
      connection,
      `SELECT id FROM runs WHERE queue_position IS NOT NULL AND deleted_at IS NULL
       ORDER BY queue_position`,
    );
    this.#move = new Query(
      connection,
      'UPDATE runs SET queue_position = ? WHERE run_key = ? AND queue_position IS NOT NULL',
    );
  }

  /** Ids of the queued runs, the next one first. */
  list(): string[] {
    return this.#list.all().map(({ id }) => id);
  }

  /**
   * Puts the given runs first, in the given order; those left out follow in the order they had.
   * @returns the new order
   */
  reorder(runIds: readonly string[]): string[] {
    return this.#connection.transaction(() => {
      const order = new Set([...runIds, ...this.list()]);
      let position = 0;
      for (const runId of order) {
        position += 1;
        this.#move.run(position, this.#lookup.keyOf(runId));
      }
      return this.list();
    });
  }
}
