import type { WorkbenchEvent } from '../../shared/events.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../store/changes.ts';
import type { History } from '../store/history.ts';
import type { LiveProgress } from '../training/liveProgress.ts';
import type { Training } from '../training/training.ts';

/** How often it is asked whether another process has stored anything, ms. */
const intervalMs = 500;
/** Every so many times it is asked whether the processes that train still live. */
const looksPerCheck = 10;
/** Runs changed at once, beyond which everything is loaded again. */
const mostRuns = 200;

export interface FollowerParts {
  history: History;
  training: Training;
  live: LiveProgress;
  publish: (event: WorkbenchEvent) => void;
}

/**
 * Tells of what other processes do to the history as if this one had done it, and has this one do what
 * they ask of its runs. While nobody else stores anything, it costs one question to SQLite.
 */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #timer: NodeJS.Timeout;
  /** Of what was last read: see `Changes`. */
  #version: number;
  #sequence: number;
  #looks = 0;
  #queue: readonly string[] = [];
  #isTrainedElsewhere = true;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    const { changes } = parts.history;
    this.#version = changes.foreignVersion;
    this.#sequence = changes.last;
    this.#timer = setInterval(() => {
      this.#attempt();
    }, intervalMs);
    // A command ends when it is done.
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What cannot be read now is read the next time. */
  #attempt(): void {
    try {
      this.look();
    } catch (error) {
      if (this.#looks % looksPerCheck === 0)
        console.error('Other processes are not followed:', error);
    }
  }

  /** Tells what is new. */
  look(): void {
    const { changes } = this.#parts.history;
    this.#looks += 1;
    const version = changes.foreignVersion;
    if (version !== this.#version) {
      this.#readChanges();
      this.#version = version;
    } else if (this.#looks % looksPerCheck === 0) this.#skipOwn(version);
    if (this.#isTrainedElsewhere) this.#readProgress();
  }

  /** What has happened since nobody else stored anything is this process's own, and known. */
  #skipOwn(version: number): void {
    const { changes } = this.#parts.history;
    const { last } = changes;
    if (changes.foreignVersion === version) this.#sequence = last;
  }

  #readChanges(): void {
    const { history, publish } = this.#parts;
    const changes = history.changes.since(this.#sequence);
    this.#sequence = changes?.at(-1)?.sequence ?? history.changes.last;
    this.#isTrainedElsewhere = true;
    if (changes === null) publish({ type: 'reset' });
    else this.#tell(changes);
  }

  #tell(changes: readonly Change[]): void {
    const { training, publish } = this.#parts;
    const runIds = [...new Set(changes.flatMap(({ run_id: runId }) => runId ?? []))];
    for (const type of ['datasets', 'figures', 'studies'] as const) {
      if (changes.some(({ subject }) => subject === type)) publish({ type });
    }
    if (changes.some(({ subject }) => subject === 'example_marks'))
      publish({ type: 'marks', datasetId: null });
    if (runIds.length === 0) return;
    training.heed(runIds);
    if (runIds.length > mostRuns) publish({ type: 'reset' });
    else {
      this.#tellEpochs(changes);
      for (const runId of runIds) this.#tellRun(runId);
    }
    this.#tellQueue();
  }

  #tellEpochs(changes: readonly Change[]): void {
    const { history, training, publish } = this.#parts;
    for (const { run_id: runId, epoch } of changes) {
      if (runId === null || epoch === null || training.active.includes(runId)) continue;
      if (!history.runs.isListed(runId)) continue;
      publish({ type: 'epoch', runId, metrics: history.epochs.get(runId, epoch) });
    }
  }

  #tellRun(runId: string): void {
    const { history, publish } = this.#parts;
    if (history.runs.isListed(runId)) publish({ type: 'run', run: history.runs.getSummary(runId) });
    else if (!history.runs.has(runId)) publish({ type: 'purged', runId });
  }

  #tellQueue(): void {
    const { history, publish } = this.#parts;
    const runIds = history.queue.list();
    if (isDeepStrictEqual(runIds, this.#queue)) return;
    this.#queue = runIds;
    publish({ type: 'queue', runIds });
  }

  #readProgress(): void {
    const { history, live, publish } = this.#parts;
    for (const progress of live.readNews()) publish(progress);
    if (this.#looks % looksPerCheck !== 0) return;
    for (const runId of history.interruptAbandoned()) this.#tellRun(runId);
    this.#isTrainedElsewhere = history.owners.listTrainedElsewhere().size > 0;
  }
}
