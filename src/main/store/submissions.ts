import { z } from 'zod';
import { resourcesSchema } from '../../shared/remoteRuns.ts';
import { Query, type Connection } from './database/connection.ts';
import { parseStored } from './database/json.ts';
import { damaged } from './database/errors.ts';

const jobSchema = z.object({
  id: z.string(),
  tasks: z.array(z.number().int().min(0)),
  offset: z.number().int().min(0),
});
export type StoredJob = z.infer<typeof jobSchema>;

const requestSchema = z.object({
  resources: resourcesSchema,
  /** Shell commands before a task. */
  setup: z.string(),
  /** In the order in which they were submitted: a task's last one counts. */
  jobs: z.array(jobSchema),
});
export type StoredRequest = z.infer<typeof requestSchema>;

/** A run that was handed to a cluster. */
export interface StoredRemoteRun {
  runId: string;
  task: number;
  /** See `PlannedRun.key`. */
  key: string;
  name: string;
  seed: number;
  /** When it came home; null before. */
  collectedAt: string | null;
  /** Whether it was taken back from there. */
  isCancelled: boolean;
}

export interface StoredSubmission extends StoredRequest {
  id: string;
  studyId: string;
  scheduler: string;
  folder: string;
  createdAt: string;
  /** In the order of their tasks. */
  runs: StoredRemoteRun[];
}

interface SubmissionRow {
  submission_key: number;
  id: string;
  study_id: string;
  scheduler: string;
  folder: string;
  request: string;
  created_at: string;
}

interface RunRow {
  run_id: string;
  task: number;
  key: string;
  name: string;
  seed: number;
  collected_at: string | null;
  cancelled_at: string | null;
}

const toRun = ({ run_id, collected_at, cancelled_at, ...row }: RunRow): StoredRemoteRun => ({
  ...row,
  runId: run_id,
  collectedAt: collected_at,
  isCancelled: cancelled_at !== null,
});

function readRequest({ id, request }: SubmissionRow): StoredRequest {
  const what = `submission ${id}`;
  const parsed = requestSchema.safeParse(parseStored(request, what));
  if (parsed.success) return parsed.data;
  throw damaged(`${what} is not one`);
}

const columns = 'submission_key, id, study_id, scheduler, folder, request, created_at';

/** What was handed to clusters, and what of it has come home. */
export class Submissions {
  readonly #connection: Connection;
  readonly #ofStudy: Query<SubmissionRow>;
  readonly #abroad: Query<SubmissionRow>;
  readonly #takenBack: Query<SubmissionRow>;
  readonly #runs: Query<RunRow>;
  readonly #insert: Query<never>;
  readonly #insertRun: Query<never>;
  readonly #setRequest: Query<never>;
  readonly #collect: Query<never>;
  readonly #cancel: Query<never>;
  readonly #forget: Query<never>;
  readonly #keys: Query<{ key: string }>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#ofStudy = new Query(
      connection,
      `SELECT ${columns} FROM submissions WHERE study_id = ? ORDER BY submission_key`,
    );
    this.#abroad = new Query(
      connection,
      `SELECT ${columns} FROM submissions WHERE submission_key IN (
         SELECT submission_key FROM remote_runs
           WHERE collected_at IS NULL AND cancelled_at IS NULL) ORDER BY +submission_key`,
    );
    this.#takenBack = new Query(
      connection,
      `SELECT ${columns} FROM submissions
       WHERE study_id IN (SELECT value FROM json_each(?)) AND EXISTS (
         SELECT 1 FROM remote_runs
           WHERE remote_runs.submission_key = submissions.submission_key
             AND collected_at IS NULL AND cancelled_at IS NOT NULL)
       ORDER BY +submission_key`,
    );
    this.#runs = new Query(
      connection,
      `SELECT run_id, task, key, name, seed, collected_at, cancelled_at FROM remote_runs
       WHERE submission_key = ? ORDER BY task, name`,
    );
    this.#insert = new Query(
      connection,
      `INSERT INTO submissions (id, study_id, scheduler, folder, request, created_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#insertRun = new Query(
      connection,
      `INSERT INTO remote_runs (run_id, submission_key, task, key, name, seed)
       VALUES (?, (SELECT submission_key FROM submissions WHERE id = ?), ?, ?, ?, ?)`,
    );
    this.#setRequest = new Query(connection, 'UPDATE submissions SET request = ? WHERE id = ?');
    this.#collect = new Query(
      connection,
      'UPDATE remote_runs SET collected_at = ? WHERE run_id = ?',
    );
    this.#cancel = new Query(
      connection,
      'UPDATE remote_runs SET cancelled_at = ? WHERE run_id = ?',
    );
    this.#keys = new Query(
      connection,
      `SELECT key FROM submissions JOIN remote_runs USING (submission_key)
       WHERE study_id = ? AND collected_at IS NULL AND cancelled_at IS NULL`,
    );
    this.#forget = new Query(connection, 'DELETE FROM remote_runs WHERE run_id = ?');
  }

  /** Its runs neither came home yet nor were cancelled. */
  insert({ id, studyId, scheduler, folder, createdAt, runs, ...request }: StoredSubmission): void {
    this.#connection.transaction(() => {
      this.#insert.run(id, studyId, scheduler, folder, JSON.stringify(request), createdAt);
      for (const { runId, task, key, name, seed } of runs) {
        this.#insertRun.run(runId, id, task, key, name, seed);
      }
    });
  }

  /** Those of a study, in the order in which they were made. */
  list(studyId: string): StoredSubmission[] {
    return this.#connection.snapshot(() =>
      this.#ofStudy.all(studyId).map((row) => this.#build(row)),
    );
  }

  /** Those with runs that are to come home. */
  listAbroad(): StoredSubmission[] {
    return this.#connection.snapshot(() => this.#abroad.all().map((row) => this.#build(row)));
  }

  /** Those of studies with runs that were cancelled and are not here. */
  listTakenBack(studyIds: readonly string[]): StoredSubmission[] {
    const ids = JSON.stringify(studyIds);
    return this.#connection.snapshot(() => this.#takenBack.all(ids).map((row) => this.#build(row)));
  }

  #build(row: SubmissionRow): StoredSubmission {
    return {
      id: row.id,
      studyId: row.study_id,
      scheduler: row.scheduler,
      folder: row.folder,
      createdAt: row.created_at,
      ...readRequest(row),
      runs: this.#runs.all(row.submission_key).map(toRun),
    };
  }

  /** What its tasks ask for now, and the jobs that they are parts of. */
  setRequest(id: string, { resources, setup, jobs }: StoredRequest): void {
    this.#setRequest.run(JSON.stringify({ resources, setup, jobs }), id);
  }

  markCollected(runId: string): void {
    this.#collect.run(new Date().toISOString(), runId);
  }

  /** Says whether nobody wants runs from there any more. */
  setCancelled(runIds: readonly string[], isCancelled: boolean): void {
    const at = isCancelled ? new Date().toISOString() : null;
    this.#connection.transaction(() => {
      for (const runId of runIds) this.#cancel.run(at, runId);
    });
  }

  /** Keys of the planned runs of a study that are on a cluster, whether they failed there or not. */
  listKeysAbroad(studyId: string): Set<string> {
    return new Set(this.#keys.all(studyId).map(({ key }) => key));
  }

  /** Of runs that others take the place of. */
  forget(runIds: readonly string[]): void {
    this.#connection.transaction(() => {
      for (const runId of runIds) this.#forget.run(runId);
    });
  }
}
