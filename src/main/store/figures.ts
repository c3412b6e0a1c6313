import type { SavedFigure } from '../../shared/figureCalls.ts';
import { AfterimageError } from '../../core/errors.ts';
import { parseFigureSpec, type FigureSpec } from '../../core/figures/spec.ts';
import { Query, type Connection } from './database/connection.ts';
import { parseStored } from './database/json.ts';
import { createId } from './database/ids.ts';

interface FigureRow {
  id: string;
  name: string;
  specification: string;
  created_at: string;
  changed_at: string;
}

const build = (row: FigureRow): SavedFigure => ({
  id: row.id,
  name: row.name,
  specification: parseStored(row.specification, `the specification of figure ${row.id}`) as Record<
    string,
    unknown
  >,
  createdAt: row.created_at,
  changedAt: row.changed_at,
});

const now = (): string => new Date().toISOString();
const select = 'SELECT id, name, specification, created_at, changed_at FROM figures';

/** Figures that people saved: a name and a specification each. */
export class Figures {
  readonly #list: Query<FigureRow>;
  readonly #get: Query<FigureRow>;
  readonly #insert: Query<never>;
  readonly #change: Query<never>;
  readonly #rename: Query<never>;
  readonly #remove: Query<never>;

  constructor(connection: Connection) {
    this.#list = new Query(connection, `${select} ORDER BY figure_key DESC`);
    this.#get = new Query(connection, `${select} WHERE id = ?`);
    this.#insert = new Query(
      connection,
      'INSERT INTO figures (id, name, specification, created_at, changed_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#change = new Query(
      connection,
      'UPDATE figures SET name = ?, specification = ?, changed_at = ? WHERE id = ?',
    );
    this.#rename = new Query(
      connection,
      'UPDATE figures SET name = ?, changed_at = ? WHERE id = ?',
    );
    this.#remove = new Query(connection, 'DELETE FROM figures WHERE id = ?');
  }

  /** Newest first. */
  list(): SavedFigure[] {
    return this.#list.all().map(build);
  }

  /** NOT_FOUND unless the id is exact. */
  get(id: string): SavedFigure {
    const row = this.#get.get(id);
    if (row) return build(row);
    throw new AfterimageError(
      'NOT_FOUND',
      `There is no saved figure ${id}.`,
      'It may have been removed; save it anew.',
    );
  }

  insert(name: string, specification: FigureSpec): SavedFigure {
    const id = createId();
    const time = now();
    this.#insert.run(id, name, JSON.stringify(specification), time, time);
    return this.get(id);
  }

  /** Replaces a figure; NOT_FOUND if it is not there. */
  change(id: string, name: string, specification: FigureSpec): SavedFigure {
    this.#change.run(name, JSON.stringify(specification), now(), id);
    return this.get(id);
  }

  rename(id: string, name: string): SavedFigure {
    this.#rename.run(name, now(), id);
    return this.get(id);
  }

  remove(id: string): void {
    this.#remove.run(id);
  }
}

/** What is wrong with the saved figures, in words. That a run of one is gone is no fault. */
export function verifyFigures(connection: Connection): string[] {
  const rows = new Query<FigureRow>(connection, `${select} ORDER BY figure_key`).all();
  return rows.flatMap(({ id, specification }) => {
    try {
      parseFigureSpec(JSON.parse(specification));
      return [];
    } catch {
      return [`figure ${id}: its specification is not one`];
    }
  });
}
