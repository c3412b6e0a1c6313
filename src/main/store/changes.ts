import { Query, type Connection } from './database/connection.ts';

/** Something that happened to the history. */
export interface Change {
  sequence: number;
  subject: 'run' | 'datasets' | 'figures' | 'example_marks' | 'studies';
  run_id: string | null;
  /** The epoch that was stored, if it is that. */
  epoch: number | null;
}

/** What happened to the history, whichever process did it, in order. */
export class Changes {
  readonly #connection: Connection;
  readonly #bounds: Query<{ first: number | null; last: number | null }>;
  readonly #since: Query<Change>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#bounds = new Query(
      connection,
      `SELECT (SELECT min(sequence) FROM changes) AS first,
         (SELECT max(sequence) FROM changes) AS last`,
    );
    this.#since = new Query(
      connection,
      'SELECT sequence, subject, run_id, epoch FROM changes WHERE sequence > ? ORDER BY sequence',
    );
  }

  /** A number that is another whenever another process has stored something since; costs microseconds. */
  get foreignVersion(): number {
    return Number(this.#connection.pragma('data_version'));
  }

  /** The number of the latest change; 0 before there is one. */
  get last(): number {
    return this.#bounds.get()?.last ?? 0;
  }

  /** What happened after a change; null where that is no longer known. */
  since(sequence: number): Change[] | null {
    const first = this.#bounds.get()?.first ?? sequence + 1;
    return first > sequence + 1 ? null : this.#since.all(sequence);
  }
}
