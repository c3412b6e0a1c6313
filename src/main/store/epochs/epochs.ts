import { AfterimageError } from '../../../core/errors.ts';
import { epochMetricsSchema, type EpochMetrics } from '../../../core/records.ts';
import { Query, type Connection } from '../database/connection.ts';
import { noEpochYet } from '../../../core/unbegunRun.ts';
import type { RunLookup } from '../runs/runLookup.ts';

export const metricNames = epochMetricsSchema.keyof().options;

/** The column of a metric: `testAccuracy` is stored as `test_accuracy`. */
export const columnOf = (metric: string): string =>
  metric.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const metricColumns = metricNames.map((name) => `epochs.${columnOf(name)} AS ${name}`).join(', ');

/**
 * Metrics as their row holds them. What has a name of its own per objective or per recorded metric is
 * JSON by that name, so that a new one needs no new column; the names in `mapMeans` are those of the
 * columns in the epoch's example chunks, in their order.
 */
type StoredMetrics = Omit<EpochMetrics, 'terms' | 'mapMeans'> & { terms: string; mapMeans: string };
type MetricsRow = EpochMetrics & { run_key: number };

/** Makes metrics of a row that has just been read, in its place: lists have tens of thousands. */
const parseMetrics = <Row extends StoredMetrics>(
  row: Row,
): Omit<Row, 'terms' | 'mapMeans'> & Pick<EpochMetrics, 'terms' | 'mapMeans'> =>
  Object.assign(row, {
    terms: JSON.parse(row.terms) as EpochMetrics['terms'],
    mapMeans: JSON.parse(row.mapMeans) as EpochMetrics['mapMeans'],
  });

/** Metrics in the order of an epoch's example chunks, from its means as they are stored. */
export const listRecorded = (mapMeans: string): string[] =>
  Object.keys(JSON.parse(mapMeans) as object);

/** What an epoch takes of the disk. */
export interface EpochBytes {
  /** Predictions, maps and weights together. */
  all: number;
  maps: number;
  weights: number;
}

export interface EpochDigests {
  /** SHA-256, hex, of the examples' and of the weights' bytes. */
  examples: string;
  weights: string;
}

const notFound = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('NOT_FOUND', message, remedy);

/** One epoch of a run as its row in a list needs it. */
interface CourseRow {
  run_key: number;
  epoch: number;
  loss: number;
  durationMs: number;
}

/** Metrics of every epoch. */
export class Epochs {
  readonly #lookup: RunLookup;
  readonly #insert: Query<never>;
  readonly #get: Query<StoredMetrics>;
  readonly #digests: Query<EpochDigests>;
  readonly #mapMeans: Query<{ means: string }>;
  readonly #ofRun: Query<StoredMetrics>;
  readonly #ofRuns: Query<StoredMetrics>;
  readonly #countOfRuns: Query<{ runKey: number; count: number }>;
  readonly #courseOfRuns: Query<CourseRow>;
  readonly #bestOfRuns: Query<StoredMetrics & { run_key: number }>;
  readonly #lastOfRuns: Query<StoredMetrics & { run_key: number }>;
  readonly #last: Query<{ best: number | null; last: number | null }>;
  readonly #updateBest: Query<never>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#lookup = lookup;
    const query = <Row>(sql: string): Query<Row> => new Query(connection, sql);
    const bytes = ['bytes', 'maps_bytes', 'weights_bytes'];
    const columns = [...metricNames.map(columnOf), 'run_key', ...bytes];
    const values = [...metricNames, 'runKey', ...bytes].map((name) => `@${name}`);
    this.#insert =
      query(`INSERT INTO epochs (${columns.join(', ')}, examples_digest, weights_digest)
       VALUES (${values.join(', ')}, @examplesDigest, @weightsDigest)`);
    this.#get = query(`SELECT ${metricColumns} FROM epochs WHERE run_key = ? AND epoch = ?`);
    this.#digests = query(`SELECT examples_digest AS examples, weights_digest AS weights
       FROM epochs WHERE run_key = ? AND epoch = ?`);
    this.#mapMeans = query('SELECT map_means AS means FROM epochs WHERE run_key = ? AND epoch = ?');
    this.#ofRun = query(`SELECT ${metricColumns} FROM epochs WHERE run_key = ? ORDER BY epoch`);
    const inRuns = 'run_key IN (SELECT value FROM json_each(?))';
    this.#ofRuns = query(
      `SELECT ${metricColumns} FROM epochs WHERE ${inRuns} ORDER BY run_key, epoch`,
    );
    this.#countOfRuns =
      query(`SELECT run_key AS runKey, count(*) AS count FROM epochs WHERE ${inRuns}
       GROUP BY run_key ORDER BY run_key`);
    this.#courseOfRuns =
      query(`SELECT run_key, epoch, validation_loss AS loss, duration_ms AS durationMs FROM epochs
       WHERE ${inRuns} ORDER BY run_key, epoch`);
    const joined = `SELECT epochs.run_key, ${metricColumns} FROM runs JOIN epochs USING (run_key)
      WHERE runs.${inRuns}`;
    this.#bestOfRuns = query(`${joined} AND epochs.epoch = runs.best_epoch`);
    this.#lastOfRuns = query(`${joined} AND epochs.epoch =
         (SELECT max(epoch) FROM epochs AS later WHERE later.run_key = runs.run_key)`);
    this.#last =
      query(`SELECT (SELECT best_epoch FROM runs WHERE run_key = @runKey) AS best, max(epoch) AS last
       FROM epochs WHERE run_key = @runKey`);
    this.#updateBest = query(`UPDATE runs SET best_epoch = (
         SELECT epoch FROM epochs WHERE epochs.run_key = runs.run_key AND epoch > 0
         ORDER BY validation_loss, epoch LIMIT 1)
       WHERE run_key = ?`);
  }

  /** Every stored epoch of a run, from 0. */
  list(runId: string): EpochMetrics[] {
    return this.listOfRun(this.#lookup.keyOf(runId));
  }

  listOfRun(runKey: number): EpochMetrics[] {
    return this.#ofRun.all(runKey).map(parseMetrics);
  }

  /** One epoch; null stands for the best one, or the last where there is no best one. */
  get(runId: string, epoch: number | null): EpochMetrics {
    const runKey = this.#lookup.keyOf(runId);
    const found = this.find(runKey, this.resolve(runKey, epoch));
    if (found) return found;
    throw notFound(`There is no epoch ${epoch ?? 0} of run ${runId}.`, 'Choose a stored epoch.');
  }

  find(runKey: number, epoch: number): EpochMetrics | undefined {
    const row = this.#get.get(runKey, epoch);
    return row && parseMetrics(row);
  }

  digestsOf(runKey: number, epoch: number): EpochDigests | undefined {
    return this.#digests.get(runKey, epoch);
  }

  /** Metrics that an epoch recorded of each image, in the order of its example chunks' columns. */
  recordedOf(runKey: number, epoch: number): string[] {
    const row = this.#mapMeans.get(runKey, epoch);
    return row === undefined ? [] : listRecorded(row.means);
  }

  /** The last stored epoch; null if there is none. */
  lastOf(runKey: number): number | null {
    return this.#last.get({ runKey })?.last ?? null;
  }

  /** Turns null into the best epoch, or the last where there is none; NOT_FOUND if not stored. */
  resolve(runKey: number, epoch: number | null): number {
    const { best = null, last = null } = this.#last.get({ runKey }) ?? {};
    if (last === null) throw noEpochYet(this.#lookup.factsOf(runKey));
    const wanted = epoch ?? best ?? last;
    if (wanted >= 0 && wanted <= last) return wanted;
    throw notFound(`There is no epoch ${wanted} of this run.`, `Choose one from 0 to ${last}.`);
  }

  insert(runKey: number, metrics: EpochMetrics, digests: EpochDigests, bytes: EpochBytes): void {
    this.#insert.run({
      ...metrics,
      terms: JSON.stringify(metrics.terms),
      mapMeans: JSON.stringify(metrics.mapMeans),
      runKey,
      bytes: bytes.all,
      maps_bytes: bytes.maps,
      weights_bytes: bytes.weights,
      examplesDigest: digests.examples,
      weightsDigest: digests.weights,
    });
    this.#updateBest.run(runKey);
  }

  /** Every stored epoch of each run that has any, from 0. */
  listOfRuns(runKeys: readonly number[]): Map<number, EpochMetrics[]> {
    const keys = JSON.stringify(runKeys);
    const metrics = this.#ofRuns.all(keys).map(parseMetrics);
    let end = 0;
    return new Map(
      this.#countOfRuns.all(keys).map(({ runKey, count }) => {
        end += count;
        return [runKey, metrics.slice(end - count, end)];
      }),
    );
  }

  listCourseOfRuns(runKeys: readonly number[]): CourseRow[] {
    return this.#courseOfRuns.all(JSON.stringify(runKeys));
  }

  listBestOfRuns(runKeys: readonly number[]): Map<number, EpochMetrics> {
    return byRun(this.#bestOfRuns.all(JSON.stringify(runKeys)).map(parseMetrics));
  }

  listLastOfRuns(runKeys: readonly number[]): Map<number, EpochMetrics> {
    return byRun(this.#lastOfRuns.all(JSON.stringify(runKeys)).map(parseMetrics));
  }
}

const byRun = (rows: MetricsRow[]): Map<number, EpochMetrics> =>
  new Map(rows.map(({ run_key: runKey, ...metrics }) => [runKey, metrics]));
