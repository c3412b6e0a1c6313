import type { Run, RunSummary } from '../../../core/records.ts';
import { trainingTimeMs } from '../../../core/metrics/trainingTime.ts';
import { Query, type Connection, type SqlValue } from '../database/connection.ts';
import type { Epochs } from '../epochs/epochs.ts';
import type { RunLookup } from './runLookup.ts';
import { buildRun, groupByRun, inTransit, runColumns, type RunRow } from './runRows.ts';
import type { Tags } from './tags.ts';

export interface RunFilter {
  /** Whether the runs in the bin are meant instead of those outside. */
  deleted?: boolean;
  /** Found in the name, experiment, note, id or a tag, in any case. */
  text?: string;
  /** Only runs with every one of these. */
  tags?: readonly string[];
  experiment?: string;
}

/** Runs in the first piece of a list, about a screenful, and in each later one. */
const [firstPiece, laterPieces] = [50, 150];

type FoldedRun = Omit<Run, 'epochs'>;

interface Found {
  runKey: number;
  run: FoldedRun;
}

function contains({ name, experiment, note, id, tags }: FoldedRun, text: string): boolean {
  const wanted = text.toLowerCase();
  return [name, experiment, note, id, ...tags].some((part) => part.toLowerCase().includes(wanted));
}

/** Reads runs, a fixed number of statements however many there are. */
export class RunReader {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #epochs: Epochs;
  readonly #tags: Tags;
  readonly #byKey: Query<RunRow>;
  readonly #byKeys: Query<RunRow>;

  constructor(connection: Connection, parts: { lookup: RunLookup; epochs: Epochs; tags: Tags }) {
    this.#connection = connection;
    this.#lookup = parts.lookup;
    this.#epochs = parts.epochs;
    this.#tags = parts.tags;
    this.#byKey = new Query(connection, `SELECT ${runColumns} FROM runs WHERE run_key = ?`);
    this.#byKeys = new Query(
      connection,
      `SELECT ${runColumns} FROM runs WHERE run_key IN (SELECT value FROM json_each(?))`,
    );
  }

  get(runId: string): Run {
    return this.#connection.snapshot(() => this.#only(runId, this.#addEpochs(this.#read(runId))));
  }

  getSummary(runId: string): RunSummary {
    return this.#connection.snapshot(() => this.#only(runId, this.#summarize(this.#read(runId))));
  }

  list(filter: RunFilter): Run[] {
    return this.#connection.snapshot(() => this.#addEpochs(this.#find(filter)));
  }

  listSummaries(filter: RunFilter): RunSummary[] {
    return this.#connection.snapshot(() => this.#summarize(this.#find(filter)));
  }

  /**
   * The same in pieces, the first short. The runs are those of the first moment, each as it is when its
   * piece is read, without those that were removed for good by then.
   */
  *listInPieces(filter: RunFilter): Generator<RunSummary[], void> {
    const keys = this.#connection.snapshot(() => this.#findKeys(filter));
    let start = 0;
    while (start < keys.length) {
      const end = start + (start === 0 ? firstPiece : laterPieces);
      const piece = keys.slice(start, end);
      yield this.#connection.snapshot(() => this.#summarize(this.#readAll(piece, filter)));
      start = end;
    }
  }

  #only<T>(runId: string, [first]: T[]): T {
    if (first === undefined) throw new Error(`run ${runId} vanished within a snapshot`);
    return first;
  }

  #read(runId: string): Found[] {
    const row = this.#byKey.get(this.#lookup.keyOf(runId));
    return row ? this.#addTags([row]) : [];
  }

  #find(filter: RunFilter): Found[] {
    return this.#readAll(this.#findKeys(filter), filter);
  }

  /** Runs by their keys, in that order; with a text, those of them that have it. */
  #readAll(runKeys: readonly number[], { text }: RunFilter): Found[] {
    const rows = new Map(
      this.#byKeys.all(JSON.stringify(runKeys)).map((row) => [row.run_key, row] as const),
    );
    const found = this.#addTags(runKeys.flatMap((key) => rows.get(key) ?? []));
    return text === undefined ? found : found.filter(({ run }) => contains(run, text));
  }

  /** Keys of all that a filter asks for but its text, in the order of a list. */
  #findKeys(filter: RunFilter): number[] {
    const { deleted = false, tags = [], experiment } = filter;
    const order = deleted ? 'deleted_at DESC, run_key DESC' : 'run_key DESC';
    const conditions = [
      deleted ? `deleted_at IS NOT NULL AND NOT ${inTransit}` : 'deleted_at IS NULL',
    ];
    const values: SqlValue[] = [];
    if (experiment !== undefined) {
      conditions.push('experiment = ?');
      values.push(experiment);
    }
    for (const tag of tags) {
      conditions.push('run_key IN (SELECT run_key FROM run_tags WHERE tag = ?)');
      values.push(tag);
    }
    const query = new Query<{ runKey: number }>(
      this.#connection,
      `SELECT run_key AS runKey FROM runs WHERE ${conditions.join(' AND ')} ORDER BY ${order}`,
    );
    return query.all(...values).map(({ runKey }) => runKey);
  }

  #addTags(rows: RunRow[]): Found[] {
    const tags = groupByRun(this.#tags.listOfRuns(rows.map((row) => row.run_key)));
    return rows.map((row) => ({
      runKey: row.run_key,
      run: buildRun(row, tags.get(row.run_key)?.map(({ tag }) => tag) ?? []),
    }));
  }

  #addEpochs(found: Found[]): Run[] {
    const epochs = this.#epochs.listOfRuns(found.map(({ runKey }) => runKey));
    return found.map(({ runKey, run }) => ({ ...run, epochs: epochs.get(runKey) ?? [] }));
  }

  #summarize(found: Found[]): RunSummary[] {
    const keys = found.map(({ runKey }) => runKey);
    const best = this.#epochs.listBestOfRuns(keys);
    const last = this.#epochs.listLastOfRuns(keys);
    const courses = groupByRun(this.#epochs.listCourseOfRuns(keys));
    return found.map(({ runKey, run }) => ({
      ...run,
      best: best.get(runKey) ?? null,
      last: last.get(runKey) ?? null,
      validationLosses: courses.get(runKey)?.map(({ loss }) => loss) ?? [],
      trainingMs: trainingTimeMs(courses.get(runKey) ?? []),
    }));
  }
}
