import { isDeepStrictEqual } from 'node:util';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { RemoteRun } from '../../shared/remoteRuns.ts';
import { collectRuns } from '../cluster/collect.ts';
import {
  askSchedulers,
  listRemote,
  nobodyAsked,
  type SchedulerAnswers,
} from '../cluster/remoteRuns.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { throttleLog } from '../platform/throttledLog.ts';
import type { History } from '../store/history.ts';
import type { StoredRemoteRun, StoredSubmission } from '../store/submissions.ts';

/** How often tasks' files are looked at, ms. */
const intervalMs = 10_000;
/** Every so many times the schedulers are asked too: a cluster has many who do. */
const looksPerQuestion = 3;

const log = throttleLog(60 * intervalMs);

interface Parts {
  history: History;
  library: DatasetLibrary;
  publish: (event: WorkbenchEvent) => void;
}

/**
 * Follows runs on clusters and brings home those that have completed, as long as somebody wants to know:
 * from the first time that he asks.
 */
export class RemoteFollower {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  #runs: RemoteRun[] = [];
  #answers: SchedulerAnswers = nobodyAsked;
  /** Why bundles could not be imported, by run. */
  #refused: ReadonlyMap<string, string> = new Map();
  #looks = 0;
  #looking: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Runs on clusters as they were last found. */
  async list(): Promise<RemoteRun[]> {
    if (this.#timer === null) {
      await this.look();
      this.#timer = setInterval(() => void this.look(), intervalMs);
      this.#timer.unref();
    }
    return this.#runs;
  }

  /** Looks at what tasks have written. One look at a time: a shared disk may be slow. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => {
        log(`Runs on clusters are not followed: ${String(error)}`);
      })
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  /** The same after something was done about them: the schedulers are asked too. Nothing where nobody has asked. */
  async lookAnew(): Promise<void> {
    if (this.#timer === null) return;
    await this.#looking;
    this.#looks = 0;
    await this.look();
  }

  /** Settles when nothing is under way any more. */
  async close(): Promise<void> {
    this.#ending.abort();
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { history, publish } = this.#parts;
    if (this.#looks % looksPerQuestion === 0) {
      this.#answers = await askSchedulers(history.submissions.listAbroad());
    }
    this.#looks += 1;
    await this.#collect(this.#listFollowed());
    const runs = await this.#list();
    if (isDeepStrictEqual(runs, this.#runs)) return;
    this.#runs = runs;
    publish({ type: 'remote' });
  }

  /** Submissions with what may come home of each. Those that did and were deleted here stay away. */
  #listFollowed(): StoredSubmission[] {
    const { submissions, studies } = this.#parts.history;
    const abroad = submissions.listAbroad();
    const known = new Set(abroad.map(({ id }) => id));
    const takenBack = submissions
      .listTakenBack(studies.list().map(({ id }) => id))
      .filter(({ id }) => !known.has(id));
    return [...abroad, ...takenBack].map((submission) => {
      const runs = submission.runs.filter(({ collectedAt }) => collectedAt === null);
      const isGivenUp = runs.some(({ isCancelled }) => isCancelled)
        ? this.#findGivenUp(submission)
        : () => false;
      return { ...submission, runs: runs.filter((run) => !isGivenUp(run)) };
    });
  }

  /** Tells of runs that were taken back whether nothing will come of that: others are here for them. */
  #findGivenUp({ studyId }: StoredSubmission): (run: StoredRemoteRun) => boolean {
    const { studies } = this.#parts.history;
    const isGone = !studies.has(studyId);
    const here = new Set(studies.listRuns(studyId).map(({ key }) => key));
    return ({ isCancelled, key }) => isCancelled && (isGone || here.has(key));
  }

  async #list(): Promise<RemoteRun[]> {
    const { studies } = this.#parts.history;
    const names = new Map(studies.list().map(({ id, study }) => [id, study.name]));
    const runs: RemoteRun[] = [];
    for (const one of this.#listFollowed()) {
      const listed = await listRemote(one, names.get(one.studyId) ?? '', this.#answers);
      runs.push(...listed);
    }
    return runs.map((run) => ({ ...run, reason: this.#refused.get(run.runId) ?? run.reason }));
  }

  async #collect(submissions: readonly StoredSubmission[]): Promise<void> {
    const { history, publish } = this.#parts;
    if (history.isReadOnly || this.#ending.signal.aborted) return;
    const { imported, failed } = await collectRuns(submissions, this.#parts, {
      isOver: () => this.#ending.signal.aborted,
      onRun: (runId) => {
        publish({ type: 'run', run: history.runs.getSummary(runId) });
      },
    });
    if (imported.length > 0) publish({ type: 'studies' });
    this.#refused = new Map(failed.map(({ runId, error }) => [runId, error.message]));
  }
}
