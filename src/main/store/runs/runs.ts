import { runConfigSchema, type RunConfig } from '../../../core/config/runConfig.ts';
import type { NewRun } from '../../../shared/contract.ts';
import { AfterimageError } from '../../../core/errors.ts';
import type {
  EngineInfo,
  EngineName,
  Run,
  RunError,
  RunStatus,
  RunSummary,
} from '../../../core/records.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { DataFolder } from '../database/dataFolder.ts';
import type { Epochs } from '../epochs/epochs.ts';
import { createId } from '../database/ids.ts';
import type { RunLookup } from './runLookup.ts';
import type { RunOwners } from './runOwners.ts';
import { RunReader, type RunFilter } from './runReader.ts';
import { inTransit, parseEnvironment } from './runRows.ts';
import type { Tags } from './tags.ts';

/** What is known of how a run is trained besides what `Run` shows. */
export interface RunSetup {
  /** Null: whichever engine is the default when the run starts. */
  requestedEngine: EngineName | null;
  /** What the trainer reported of its machine; empty before it has started. */
  environment: Record<string, string>;
}

const finalStatuses: ReadonlySet<RunStatus> = new Set(['stopped', 'completed', 'failed']);

/** What is stored must be readable, and the same configuration the same text. */
const toStored = (config: RunConfig): string => JSON.stringify(runConfigSchema.parse(config));

const now = (): string => new Date().toISOString();

/** Runs: what they are called, how they fare, and whether they lie in the bin. */
export class Runs {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #owners: RunOwners;
  readonly #folder: DataFolder;
  readonly #reader: RunReader;
  readonly #insert: Query<never>;
  readonly #rename: Query<never>;
  readonly #setNote: Query<never>;
  readonly #setStatus: Query<never>;
  readonly #setStarted: Query<never>;
  readonly #setDeleted: Query<never>;
  readonly #setConfig: Query<never>;
  readonly #setFinished: Query<never>;
  readonly #state: Query<{ status: RunStatus; deleted_at: string | null }>;
  readonly #inTransit: Query<{ found: number }>;
  readonly #setup: Query<{ requested_engine: EngineName | null; environment: string | null }>;

  constructor(
    connection: Connection,
    parts: {
      lookup: RunLookup;
      epochs: Epochs;
      tags: Tags;
      owners: RunOwners;
      folder: DataFolder;
    },
  ) {
    this.#connection = connection;
    this.#lookup = parts.lookup;
    this.#owners = parts.owners;
    this.#folder = parts.folder;
    this.#reader = new RunReader(connection, parts);
    const nextPosition = '(SELECT coalesce(max(queue_position), 0) + 1 FROM runs)';
    this.#insert = new Query(
      connection,
      `INSERT INTO runs (id, name, experiment, status, config, seed, requested_engine, note,
         queue_position, created_at)
       VALUES (?, ?, ?, 'queued', ?, ?, ?, '', ${nextPosition}, ?)`,
    );
    this.#rename = new Query(connection, 'UPDATE runs SET name = ? WHERE run_key = ?');
    this.#setNote = new Query(connection, 'UPDATE runs SET note = ? WHERE run_key = ?');
    this.#setStatus = new Query(
      connection,
      `UPDATE runs SET status = @status, error = @error, finished_at = @finishedAt,
         queue_position = iif(@status = 'queued', coalesce(queue_position, ${nextPosition}), NULL),
         owner_pid = iif(@status IN ('queued', 'running'), owner_pid, NULL),
         owner_started = iif(@status IN ('queued', 'running'), owner_started, NULL),
         asked = iif(@status IN ('queued', 'running'), asked, NULL)
       WHERE run_key = @runKey`,
    );
    this.#setStarted = new Query(
      connection,
      `UPDATE runs SET engine = ?, environment = ?, started_at = coalesce(started_at, ?)
       WHERE run_key = ?`,
    );
    this.#setDeleted = new Query(
      connection,
      `UPDATE runs SET deleted_at = ? WHERE run_key = ? AND NOT ${inTransit}`,
    );
    this.#setConfig = new Query(connection, 'UPDATE runs SET config = ? WHERE run_key = ?');
    this.#setFinished = new Query(connection, 'UPDATE runs SET finished_at = ? WHERE run_key = ?');
    this.#state = new Query(connection, 'SELECT status, deleted_at FROM runs WHERE run_key = ?');
    this.#inTransit = new Query(
      connection,
      `SELECT 1 AS found FROM runs WHERE id = ? AND ${inTransit}`,
    );
    this.#setup = new Query(
      connection,
      'SELECT requested_engine, environment FROM runs WHERE run_key = ?',
    );
  }

  /** Stores a new run, queued behind all others; its id is new unless it has one already. */
  insert(run: NewRun, requestedEngine: EngineName | null = null, id = createId()): Run {
    const { name, experiment, seed } = run;
    this.#insert.run(id, name, experiment, toStored(run.config), seed, requestedEngine, now());
    return this.get(id);
  }

  /** Stores several runs, all or none; DISK_FULL where only purging makes sense. */
  insertAll(runs: readonly NewRun[], requestedEngine: EngineName | null = null): Run[] {
    this.#folder.checkRoom();
    return this.#connection.transaction(() => runs.map((run) => this.insert(run, requestedEngine)));
  }

  /** A run with all its epochs; NOT_FOUND unless the id is exact. */
  get(runId: string): Run {
    return this.#reader.get(runId);
  }

  /** Whether a run of this id is stored, be it in the bin or on its way in or out. */
  has(runId: string): boolean {
    return this.#lookup.has(runId);
  }

  /** Whether it is in one of the lists, those outside the bin or those in it. */
  isListed(runId: string): boolean {
    return this.has(runId) && this.#inTransit.get(runId) === undefined;
  }

  getSummary(runId: string): RunSummary {
    return this.#reader.getSummary(runId);
  }

  /** Runs with all their epochs: those outside the bin, newest first, or in it, last deleted first. */
  list(filter: RunFilter = {}): Run[] {
    return this.#reader.list(filter);
  }

  /** The same runs as `list`, as rows of a table. */
  listSummaries(filter: RunFilter = {}): RunSummary[] {
    return this.#reader.listSummaries(filter);
  }

  /** The same in pieces, for who has other work to do between them. */
  listInPieces(filter: RunFilter = {}): Generator<RunSummary[], void> {
    return this.#reader.listInPieces(filter);
  }

  /** See RunLookup.resolve. */
  resolve(idOrName: string): string {
    return this.#lookup.resolve(idOrName);
  }

  getSetup(runId: string): RunSetup {
    const row = this.#setup.get(this.#lookup.keyOf(runId));
    return {
      requestedEngine: row?.requested_engine ?? null,
      environment: parseEnvironment(runId, row?.environment ?? null),
    };
  }

  rename(runId: string, name: string): void {
    this.#rename.run(name, this.#lookup.keyOf(runId));
  }

  setNote(runId: string, note: string): void {
    this.#setNote.run(note, this.#lookup.keyOf(runId));
  }

  /**
   * Running makes this process the owner (CONFLICT while another live process is); queued puts the
   * run at the end of the queue unless it waits there already; every other status ends ownership.
   */
  setStatus(runId: string, status: RunStatus, error: RunError | null = null): void {
    this.#connection.transaction(() => {
      if (status === 'running') this.#owners.claim(runId);
      this.#setStatus.run({
        runKey: this.#lookup.keyOf(runId),
        status,
        error: error === null ? null : JSON.stringify(error),
        finishedAt: finalStatuses.has(status) ? now() : null,
      });
    });
  }

  /** Lets a run have so many epochs at most, as if it had been asked for them from its start. */
  setEpochs(runId: string, epochs: number): void {
    const { config } = this.getSummary(runId);
    const longer = { ...config, training: { ...config.training, epochs } };
    this.#setConfig.run(toStored(longer), this.#lookup.keyOf(runId));
  }

  /** Takes back that a completed run was to be trained further, which came to nothing, and says why it did. */
  restoreCompleted(before: RunSummary, error: RunError): void {
    const { id, config, note, finishedAt } = before;
    this.#connection.transaction(() => {
      this.setStatus(id, 'completed', error);
      this.setEpochs(id, config.training.epochs);
      this.setNote(id, note);
      this.#setFinished.run(finishedAt, this.#lookup.keyOf(id));
    });
  }

  /** The trainer is there: the run is running, on this engine. */
  setStarted(runId: string, engine: EngineInfo, environment: Record<string, string>): void {
    this.#connection.transaction(() => {
      this.setStatus(runId, 'running');
      const runKey = this.#lookup.keyOf(runId);
      this.#setStarted.run(JSON.stringify(engine), JSON.stringify(environment), now(), runKey);
    });
  }

  /** Puts runs into the bin, all or none; CONFLICT if one of them is running. */
  delete(runIds: readonly string[]): void {
    const deletedAt = now();
    const deleteAll = (): void => {
      for (const runId of runIds) this.#delete(runId, deletedAt);
    };
    this.#folder.makeRoom(() => {
      this.#connection.transaction(deleteAll);
    });
  }

  #delete(runId: string, deletedAt: string): void {
    const runKey = this.#lookup.keyOf(runId);
    const state = this.#state.get(runKey);
    if (state?.status === 'running') {
      throw new AfterimageError(
        'CONFLICT',
        `Run ${runId} is running and cannot be deleted.`,
        'Pause or stop it first.',
      );
    }
    if (state?.deleted_at === null) this.#setDeleted.run(deletedAt, runKey);
  }

  /** Takes runs out of the bin, all or none. */
  restore(runIds: readonly string[]): void {
    this.#connection.transaction(() => {
      for (const runId of runIds) this.#setDeleted.run(null, this.#lookup.keyOf(runId));
    });
  }
}
