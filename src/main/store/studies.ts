import { upgradeRunConfig } from '../../core/config/upgrade.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { RunStatus } from '../../core/records.ts';
import type { StudyRecord, StudyRun } from '../../core/studies/progress.ts';
import { plannedRuns, planStudy } from '../../core/studies/plan.ts';
import { studySchema, type Study } from '../../core/studies/study.ts';
import { Query, type Connection } from './database/connection.ts';
import { damaged } from './database/errors.ts';
import { createId } from './database/ids.ts';
import { parseStored } from './database/json.ts';
import { findNearNames } from './runs/nearNames.ts';
import type { RunLookup } from './runs/runLookup.ts';

interface StudyRow {
  study_key: number;
  id: string;
  name: string;
  question: string;
  plan: string;
  created_at: string;
  changed_at: string;
}

interface MemberRow {
  study_key: number;
  id: string;
  key: string;
  status: RunStatus;
}

/** Of a study's plan; its configurations may be of an earlier version. */
function readPlan({ id, name, question, plan }: StudyRow): Study {
  const what = `the plan of study ${name} (${id})`;
  const stored = parseStored(plan, what) as { bases?: { config?: unknown }[] } | null;
  const bases = stored?.bases?.map((base) => ({ ...base, config: upgradeRunConfig(base.config) }));
  const parsed = studySchema.safeParse({ ...stored, bases, name, question });
  if (parsed.success) return parsed.data;
  throw damaged(`${what} is not one`);
}

/** Studies by their rows: what was worked out of one holds as long as the row does. */
const known = new Map<string, Study>();
const mostKnown = 1000;

function readStudy(row: StudyRow): Study {
  const text = JSON.stringify([row.name, row.question, row.plan]);
  const before = known.get(text);
  if (before !== undefined) return before;
  const study = readPlan(row);
  if (known.size >= mostKnown) known.clear();
  known.set(text, study);
  return study;
}

const build = (row: StudyRow): StudyRecord => ({
  id: row.id,
  study: readStudy(row),
  createdAt: row.created_at,
  changedAt: row.changed_at,
});

const now = (): string => new Date().toISOString();
const select = 'SELECT study_key, id, name, question, plan, created_at, changed_at FROM studies';

const notFound = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('NOT_FOUND', message, remedy);

/** Studies, and which runs were made for which of their planned runs. */
export class Studies {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #list: Query<StudyRow>;
  readonly #names: Query<{ name: string }>;
  readonly #byId: Query<StudyRow>;
  readonly #byName: Query<StudyRow>;
  readonly #insert: Query<never>;
  readonly #change: Query<never>;
  readonly #remove: Query<never>;
  readonly #addRun: Query<never>;
  readonly #members: Query<MemberRow>;
  readonly #allMembers: Query<MemberRow>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#list = new Query(connection, `${select} ORDER BY study_key DESC`);
    this.#names = new Query(connection, 'SELECT name FROM studies ORDER BY study_key DESC');
    this.#byId = new Query(connection, `${select} WHERE id = ?`);
    this.#byName = new Query(connection, `${select} WHERE name = ?`);
    this.#insert = new Query(
      connection,
      `INSERT INTO studies (id, name, question, plan, created_at, changed_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#change = new Query(
      connection,
      'UPDATE studies SET name = ?, question = ?, changed_at = ? WHERE id = ?',
    );
    this.#remove = new Query(connection, 'DELETE FROM studies WHERE id = ?');
    this.#addRun = new Query(
      connection,
      `INSERT INTO study_runs (study_key, run_key, key)
       VALUES ((SELECT study_key FROM studies WHERE id = ?), ?, ?)
       ON CONFLICT DO UPDATE SET key = excluded.key`,
    );
    const members = `SELECT study_key, id, key, status FROM study_runs JOIN runs USING (run_key)
       WHERE deleted_at IS NULL`;
    this.#members = new Query(connection, `${members} AND study_key = ? ORDER BY run_key DESC`);
    this.#allMembers = new Query(connection, `${members} ORDER BY study_key, run_key DESC`);
  }

  /** Newest first. */
  list(): StudyRecord[] {
    return this.#list.all().map(build);
  }

  /** All studies with their runs, newest first, in two statements. */
  listWithRuns(): { record: StudyRecord; runs: StudyRun[] }[] {
    return this.#connection.snapshot(() => {
      const runs = Map.groupBy(this.#allMembers.all(), ({ study_key: key }) => key);
      return this.#list.all().map((row) => ({
        record: build(row),
        runs: (runs.get(row.study_key) ?? []).map(toStudyRun),
      }));
    });
  }

  /** NOT_FOUND unless the id is exact. */
  get(id: string): StudyRecord {
    const row = this.#byId.get(id);
    if (row) return build(row);
    throw notFound(`There is no study ${id}.`, 'It may have been deleted; list the studies again.');
  }

  /** A study of exactly this name; null where there is none. */
  findByName(name: string): StudyRecord | null {
    const row = this.#byName.get(name);
    return row ? build(row) : null;
  }

  /** The study that a person means, by its name or its id; NOT_FOUND names what is near. */
  resolve(nameOrId: string): StudyRecord {
    const row = this.#byName.get(nameOrId.trim()) ?? this.#byId.get(nameOrId);
    if (row) return build(row);
    const near = findNearNames(nameOrId, this.#listNames());
    throw notFound(
      `There is no study ${nameOrId}.`,
      near.length > 0 ? `Did you mean ${near.join(', ')}?` : '“study list” says what there is.',
    );
  }

  /** Whether there is a study of exactly this id. */
  has(id: string): boolean {
    return this.#byId.get(id) !== undefined;
  }

  #listNames(): string[] {
    return this.#names.all().map(({ name }) => name);
  }

  /**
   * Stores a study; CONFLICT where its name is taken, INVALID_ARGUMENT where it cannot be planned
   * (`planStudy`).
   */
  insert(study: Study): StudyRecord {
    planStudy(study);
    return this.#connection.transaction(() => {
      this.#checkName(study.name);
      const id = createId();
      const { name, question, ...plan } = study;
      const time = now();
      this.#insert.run(id, name, question, JSON.stringify(plan), time, time);
      return this.get(id);
    });
  }

  #checkName(name: string): void {
    if (this.findByName(name) === null) return;
    throw new AfterimageError(
      'CONFLICT',
      `There is a study ${name} already.`,
      'Choose another name, or go on with that one.',
    );
  }

  /** A name that no study has: the one wanted, or that with a number. */
  freeName(wanted: string): string {
    const names = new Set(this.#listNames());
    let name = wanted;
    for (let i = 2; names.has(name); i += 1) name = `${wanted.slice(0, 190)} ${i}`;
    return name;
  }

  /** Calls it otherwise, or asks otherwise; what it plans stays. */
  change(
    id: string,
    changes: { name?: string | undefined; question?: string | undefined },
  ): StudyRecord {
    return this.#connection.transaction(() => {
      const { study } = this.get(id);
      const { name = study.name, question = study.question } = changes;
      if (name !== study.name) this.#checkName(name);
      this.#change.run(name, question, now(), id);
      return this.get(id);
    });
  }

  /** Removes a study; its runs stay. */
  remove(id: string): void {
    this.#remove.run(id);
  }

  /** Has runs stand for planned runs of a study, by key; one that it has already, for that one now. */
  addRuns(id: string, runs: readonly { runId: string; key: string }[]): void {
    this.#connection.transaction(() => {
      this.get(id);
      for (const { runId, key } of runs) this.#addRun.run(id, this.#lookup.keyOf(runId), key);
    });
  }

  /** Its runs outside the bin, newest first. */
  listRuns(id: string): StudyRun[] {
    const studyKey = this.#byId.get(id)?.study_key;
    return studyKey === undefined ? [] : this.#members.all(studyKey).map(toStudyRun);
  }
}

const toStudyRun = ({ id, key, status }: MemberRow): StudyRun => ({ runId: id, key, status });

/** What is wrong with the studies, in words. */
export function verifyStudies(connection: Connection): string[] {
  const rows = new Query<StudyRow>(connection, `${select} ORDER BY study_key`).all();
  return rows.flatMap((row) => {
    try {
      plannedRuns(readPlan(row));
      return [];
    } catch {
      return [`study ${row.name}: its plan is not one`];
    }
  });
}
