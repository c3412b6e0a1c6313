import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AfterimageError, factsOf, type ErrorFacts } from '../../core/errors.ts';
import type { RunSizes } from '../../core/runSizes.ts';
import type { ImportResult } from '../../shared/bundleCalls.ts';
import type { EpochResult } from '../../shared/trainerEvents.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { backupHistory } from './integrity/backup.ts';
import { exportBundle, importBundle, type BundleOptions } from './bundles/bundle.ts';
import { Audits } from './audits/audits.ts';
import { Changes } from './changes.ts';
import { Checkpoints } from './epochs/checkpoints.ts';
import type { Connection } from './database/connection.ts';
import { Datasets } from './datasets/datasets.ts';
import { Epochs } from './epochs/epochs.ts';
import { EpochWriter, type EpochOutcome } from './epochs/epochWriter.ts';
import { ExampleMarks } from './examples/exampleMarks.ts';
import { Examples } from './examples/examples.ts';
import { Figures } from './figures.ts';
import { Filters } from './runs/filters.ts';
import { openDataFolder, type DataFolder } from './database/dataFolder.ts';
import { Purge } from './runs/purge.ts';
import { Queue } from './runs/queue.ts';
import { RunLookup } from './runs/runLookup.ts';
import { RunOwners } from './runs/runOwners.ts';
import { Runs } from './runs/runs.ts';
import { Splits } from './datasets/splits.ts';
import { Room } from './space/room.ts';
import { Space } from './space/space.ts';
import { Studies } from './studies.ts';
import { Submissions } from './submissions.ts';
import { Tags } from './runs/tags.ts';
import { verifyInThread } from './integrity/verifyInThread.ts';
import { Weights } from './epochs/weights.ts';

export { historyFileName } from './database/dataFolder.ts';

export interface OpenOptions {
  /** Made if it is not there. */
  dataDir: string;
  /** Of the application, for messages to older ones. */
  version: string;
}

export interface HistoryInfo {
  dataDir: string;
  version: string;
  /** Size of the history with its log. */
  bytes: number;
  /** Bytes of it that hold nothing. */
  freeBytes: number;
  /** By run id. */
  runSizes: Record<string, RunSizes>;
  /** Whether new runs keep their checkpoint when they have completed. */
  keepsCheckpoints: boolean;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Everything that is kept: runs, their epochs, and what belongs to them. One object per entity. */
export class History {
  readonly runs: Runs;
  readonly owners: RunOwners;
  readonly queue: Queue;
  readonly tags: Tags;
  readonly epochs: Epochs;
  readonly examples: Examples;
  readonly exampleMarks: ExampleMarks;
  readonly weights: Weights;
  readonly checkpoints: Checkpoints;
  readonly splits: Splits;
  readonly datasets: Datasets;
  readonly filters: Filters;
  readonly figures: Figures;
  readonly studies: Studies;
  readonly submissions: Submissions;
  readonly audits: Audits;
  readonly space: Space;
  readonly changes: Changes;
  readonly #connection: Connection;
  readonly #options: OpenOptions;
  readonly #folder: DataFolder;
  readonly #lookup: RunLookup;
  readonly #writer: EpochWriter;
  readonly #purge: Purge;

  constructor(folder: DataFolder, options: OpenOptions) {
    const { connection } = folder;
    const lookup = new RunLookup(connection);
    this.#connection = connection;
    this.#options = options;
    this.#folder = folder;
    this.#lookup = lookup;
    this.owners = new RunOwners(connection, lookup, folder);
    this.queue = new Queue(connection, lookup);
    this.tags = new Tags(connection, lookup);
    this.epochs = new Epochs(connection, lookup);
    const { owners, tags, epochs } = this;
    this.runs = new Runs(connection, { lookup, owners, tags, epochs, folder });
    this.examples = new Examples(connection, lookup, this.epochs);
    this.exampleMarks = new ExampleMarks(connection);
    this.weights = new Weights(connection, lookup, this.epochs);
    this.checkpoints = new Checkpoints(connection, lookup);
    this.splits = new Splits(connection, lookup);
    this.datasets = new Datasets(connection);
    this.filters = new Filters(connection);
    this.figures = new Figures(connection);
    this.studies = new Studies(connection, lookup);
    this.submissions = new Submissions(connection);
    this.audits = new Audits(connection, lookup);
    this.changes = new Changes(connection);
    const { examples, weights, checkpoints } = this;
    this.#writer = new EpochWriter(connection, { lookup, epochs, examples, weights, checkpoints });
    const room = new Room(connection, folder);
    this.#purge = new Purge(connection, lookup, folder, room);
    this.space = new Space(connection, { lookup, weights, checkpoints, room });
  }

  /** Runs `work` so that everything it stores is stored together, or nothing of it. */
  transaction<T>(work: () => T): T {
    return this.#connection.transaction(work);
  }

  /** See EpochWriter.insert. */
  insertEpoch(runId: string, result: EpochResult): EpochOutcome {
    return this.#writer.insert(runId, result);
  }

  /** See Purge.purge. */
  purge(runIds: readonly string[]): Promise<void> {
    return this.#purge.purge(runIds);
  }

  /** See Purge.dropSpentCheckpoints. */
  async dropSpentCheckpoints(signal: AbortSignal): Promise<void> {
    if (!this.isReadOnly) await this.#purge.dropSpentCheckpoints(this.checkpoints, signal);
  }

  info(): HistoryInfo {
    const { dataDir, version } = this.#options;
    const { path } = this.#connection;
    return {
      dataDir: resolve(dataDir),
      version,
      bytes: sizeOf(path) + sizeOf(`${path}-wal`),
      freeBytes: this.space.freeBytes,
      runSizes: this.space.list(),
      keepsCheckpoints: this.space.keepsCheckpoints,
    };
  }

  /** Everything that is wrong with the history, in words; nothing if all is well. */
  verify(options?: LongTaskOptions): Promise<string[]> {
    const { historyPath: path, appVersion } = this.#place;
    const kind = this.isReadOnly ? 'unwritten' : 'history';
    return verifyInThread({ path, name: path, appVersion, kind }, options);
  }

  /** See backupHistory. */
  backup(path: string, options?: LongTaskOptions): Promise<void> {
    return backupHistory(this.#connection, path, options);
  }

  /** See exportBundle; NOT_FOUND if one of the runs is not here. */
  async exportBundle(
    runIds: readonly string[],
    path: string,
    options?: BundleOptions,
  ): Promise<void> {
    for (const runId of runIds) this.#lookup.keyOf(runId);
    await exportBundle(runIds, path, this.#place, options);
  }

  /** See importBundle. */
  async importBundle(path: string, options?: BundleOptions): Promise<ImportResult> {
    this.requireWritable();
    return importBundle(this.#connection, path, this.#place, options);
  }

  /** Whether its place cannot be written, or has no space left to write anything. */
  get isReadOnly(): boolean {
    return this.#connection.access !== 'write';
  }

  /** Why nothing can be written; null where it can. */
  get refusal(): ErrorFacts | null {
    return this.isReadOnly ? factsOf(this.#connection.refusal) : null;
  }

  /** READ_ONLY, DISK_FULL where nothing can be written. */
  requireWritable(): void {
    if (this.isReadOnly) this.#connection.transaction(() => undefined);
  }

  /**
   * Takes runs from processes that are gone, see RunOwners; where nothing can be written, they keep
   * them until it can.
   *
   * @returns the ids of those that are interrupted now
   */
  interruptAbandoned(): string[] {
    if (this.isReadOnly) return [];
    try {
      return this.#folder.makeRoom(() => this.owners.interruptAbandoned());
    } catch (error) {
      if (!(error instanceof AfterimageError) || error.code !== 'DISK_FULL') throw error;
      return [];
    }
  }

  /** Keeps some space back for the day when the disk is full, and runs have to be purged. */
  keepReserve(): void {
    this.#folder.keepReserve();
  }

  close(): void {
    this.#folder.close();
  }

  get #place() {
    const { path: historyPath } = this.#connection;
    return { historyPath, appVersion: this.#options.version, folder: this.#folder };
  }
}

/**
 * Opens the history of a data folder, making or migrating it first, and marks runs as interrupted
 * whose process is gone; one that cannot be written is opened for looking at. Several processes may
 * have it open at once. Throws CORRUPT_HISTORY, NEWER_VERSION, LOCKED, READ_ONLY, DISK_FULL or, where
 * there can be no such folder, INVALID_ARGUMENT.
 */
export function openHistory(options: OpenOptions): History {
  const folder = openDataFolder(options.dataDir, options.version);
  try {
    const history = new History(folder, options);
    history.interruptAbandoned();
    return history;
  } catch (error) {
    folder.close();
    throw error;
  }
}
