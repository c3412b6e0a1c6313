import { takeAll } from '../platform/takeAll.ts';

/** A run in training. */
export interface ActiveRun {
  /** Settles, never rejects, when the run's trainer is gone and everything it said is stored. */
  done: Promise<void>;
  /** Asks the trainer to stop after its current step; what it knows is kept in a checkpoint. */
  pause: () => void;
}

export interface QueueListeners {
  /** The waiting runs, in the order in which they will start. */
  changed: (waiting: readonly string[]) => void;
}

/** Trains runs in order, at most `jobs` side by side, each in a trainer of its own. */
export class RunQueue {
  readonly #jobs: number;
  readonly #launch: (runId: string) => ActiveRun;
  readonly #listeners: QueueListeners;
  #waiting: string[] = [];
  readonly #active = new Map<string, ActiveRun>();
  #idle = Promise.withResolvers<undefined>();

  constructor(jobs: number, launch: (runId: string) => ActiveRun, listeners: QueueListeners) {
    this.#jobs = jobs;
    this.#launch = launch;
    this.#listeners = listeners;
    this.#idle.resolve(undefined);
  }

  get waiting(): readonly string[] {
    return this.#waiting;
  }

  get active(): readonly string[] {
    return [...this.#active.keys()];
  }

  /** Settles when nothing waits or trains. */
  get idle(): Promise<undefined> {
    return this.#idle.promise;
  }

  enqueue(runIds: readonly string[]): void {
    const fresh = runIds.filter((id) => !this.#waiting.includes(id) && !this.#active.has(id));
    if (fresh.length === 0) return;
    if (this.#active.size === 0 && this.#waiting.length === 0) {
      this.#idle = Promise.withResolvers();
    }
    this.#change([...this.#waiting, ...fresh]);
    this.#startNext();
  }

  /** Puts the named runs first, in this order; the others keep theirs behind them. */
  reorder(runIds: readonly string[]): void {
    const named = runIds.filter((id) => this.#waiting.includes(id));
    this.#change([...named, ...this.#waiting.filter((id) => !named.includes(id))]);
  }

  /** Starts a waiting run at once, whatever else is training. */
  startNow(runId: string): void {
    if (!this.#waiting.includes(runId)) return;
    this.#change(this.#waiting.filter((id) => id !== runId));
    this.#start(runId);
  }

  /** Takes a run off the queue, or asks its trainer to stop. */
  pause(runId: string): void {
    this.#active.get(runId)?.pause();
    if (this.#waiting.includes(runId)) {
      this.#change(this.#waiting.filter((id) => id !== runId));
      this.#settleIdle();
    }
  }

  /** Empties the queue and pauses what is training; settles when all is stored. */
  async pauseAll(): Promise<void> {
    const pauses = [...this.#active.values()].map((run) => () => {
      run.pause();
    });
    const asked = takeAll([
      ...pauses,
      () => {
        this.#change([]);
      },
    ]);
    this.#settleIdle();
    await takeAll([() => asked, () => this.idle]);
  }

  /** Settles when the run is not training (any more). */
  async whenStopped(runId: string): Promise<void> {
    await this.#active.get(runId)?.done;
  }

  #change(waiting: string[]): void {
    this.#waiting = waiting;
    this.#listeners.changed(waiting);
  }

  #startNext(): void {
    while (this.#active.size < this.#jobs) {
      const [next, ...rest] = this.#waiting;
      if (next === undefined) break;
      this.#change(rest);
      this.#start(next);
    }
    this.#settleIdle();
  }

  #start(runId: string): void {
    const run = this.#launch(runId);
    this.#active.set(runId, run);
    void run.done.then(() => {
      this.#active.delete(runId);
      this.#startNext();
    });
  }

  #settleIdle(): void {
    if (this.#active.size === 0 && this.#waiting.length === 0) this.#idle.resolve(undefined);
  }
}
