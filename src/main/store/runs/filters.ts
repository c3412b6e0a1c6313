import type { z } from 'zod';
import type { savedFilterSchema } from '../../../shared/contract.ts';
import { Query, type Connection } from '../database/connection.ts';

export type SavedFilter = z.infer<typeof savedFilterSchema>;

/** Filters of the runs view that people gave a name. */
export class Filters {
  readonly #list: Query<SavedFilter>;
  readonly #save: Query<never>;
  readonly #remove: Query<never>;

  constructor(connection: Connection) {
    this.#list = new Query(connection, 'SELECT name, query FROM saved_filters ORDER BY position');
    this.#save = new Query(
      connection,
      `INSERT INTO saved_filters (name, query) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET query = excluded.query`,
    );
    this.#remove = new Query(connection, 'DELETE FROM saved_filters WHERE name = ?');
  }

  /** In the order in which they were first saved. */
  list(): SavedFilter[] {
    return this.#list.all();
  }

  /** Replaces the one of the same name. */
  save({ name, query }: SavedFilter): void {
    this.#save.run(name, query);
  }

  remove(name: string): void {
    this.#remove.run(name);
  }
}
