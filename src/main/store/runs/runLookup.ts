import { AfterimageError } from '../../../core/errors.ts';
import type { Run, RunError, RunStatus } from '../../../core/records.ts';
import { Query, type Connection } from '../database/connection.ts';
import { findNearNames } from './nearNames.ts';

interface Named {
  id: string;
  name: string;
  deleted_at: string | null;
}

/** Greater than every character of an id. */
const afterIds = '\u{10ffff}';

const describe = ({ id, name }: Named): string => `${id} (${name})`;

const notFound = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('NOT_FOUND', message, remedy);

/** Finds runs by what the rest of the program and people call them. */
export class RunLookup {
  readonly #key: Query<{ run_key: number }>;
  readonly #facts: Query<{ name: string; status: RunStatus; error: string | null }>;
  readonly #byName: Query<Named>;
  readonly #byPrefix: Query<Named>;
  readonly #names: Query<Named>;

  constructor(connection: Connection) {
    this.#key = new Query(connection, 'SELECT run_key FROM runs WHERE id = ?');
    this.#facts = new Query(connection, 'SELECT name, status, error FROM runs WHERE run_key = ?');
    const columns = 'SELECT id, name, deleted_at FROM runs';
    this.#byName = new Query(connection, `${columns} WHERE name = ?`);
    this.#byPrefix = new Query(connection, `${columns} WHERE id >= ? AND id < ?`);
    this.#names = new Query(connection, `${columns} WHERE deleted_at IS NULL`);
  }

  /** The key of a run's rows; NOT_FOUND if there is no run of exactly this id. */
  keyOf(runId: string): number {
    const row = this.#key.get(runId);
    if (row) return row.run_key;
    throw notFound(`There is no run ${runId}.`, 'It may have been purged; list the runs again.');
  }

  /** What says why a run has not got further. */
  factsOf(runKey: number): Pick<Run, 'name' | 'status' | 'error'> {
    const row = this.#facts.get(runKey);
    if (row === undefined) throw new Error(`no run has the key ${runKey}`);
    return { ...row, error: row.error === null ? null : (JSON.parse(row.error) as RunError) };
  }

  /** Whether a run of exactly this id is stored, be it in the bin. */
  has(runId: string): boolean {
    return this.#key.get(runId) !== undefined;
  }

  /**
   * The id of the run that a person means: by its id, its name, or the beginning of its id,
   * in this order. Of several with the same name the only one outside the bin counts.
   * NOT_FOUND names what is near; AMBIGUOUS names the candidates.
   */
  resolve(idOrName: string): string {
    if (this.has(idOrName)) return idOrName;
    const found =
      this.#choose(idOrName, this.#byName.all(idOrName)) ??
      this.#choose(idOrName, this.#listAlike(idOrName)) ??
      (idOrName === ''
        ? null
        : this.#choose(idOrName, this.#byPrefix.all(idOrName, idOrName + afterIds)));
    if (found !== null) return found;
    throw this.#unknown(idOrName);
  }

  /** Runs outside the bin whose names are the same letters, composed in another way: é, or e and an accent. */
  #listAlike(wanted: string): Named[] {
    const [composed, taken] = [wanted.normalize('NFC'), wanted.normalize('NFD')];
    if (composed === taken) return [];
    return this.#names.all().filter(({ name }) => name.normalize('NFC') === composed);
  }

  #choose(wanted: string, candidates: Named[]): string | null {
    const live = candidates.filter((run) => run.deleted_at === null);
    const choice = live.length > 0 ? live : candidates;
    if (choice.length > 1) {
      throw new AfterimageError(
        'AMBIGUOUS',
        `${wanted} may be any of ${choice.map(describe).join(', ')}.`,
        'Give the id, or more of its characters.',
      );
    }
    return choice[0]?.id ?? null;
  }

  #unknown(wanted: string): AfterimageError {
    const runs = this.#names.all();
    const near = findNearNames(
      wanted,
      runs.map(({ name }) => name),
    );
    const remedy =
      near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'List the runs to see what there is.';
    return notFound(`There is no run ${wanted}.`, remedy);
  }
}
