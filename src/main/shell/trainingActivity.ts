import type { WorkbenchEvent } from '../../shared/events.ts';
import type { WorkbenchApi } from '../router.ts';

type Progress = Extract<WorkbenchEvent, { type: 'progress' }>['progress'];

/** What trains and what waits to, followed through the workbench's events. */
export class TrainingActivity {
  readonly #api: WorkbenchApi;
  readonly #running = new Map<string, number>();
  readonly #queued = new Set<string>();
  readonly #callbacks = new Set<() => void>();

  constructor(api: WorkbenchApi) {
    this.#api = api;
  }

  /** Runs in training. */
  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Whether nothing trains and nothing will, unless it is asked for. */
  get idle(): boolean {
    return this.#running.size === 0 && this.#queued.size === 0;
  }

  /** Mean share of its epochs that each run in training has behind it, in [0,1]; null if none is. */
  get progress(): number | null {
    if (this.#running.size === 0) return null;
    const shares = [...this.#running.values()];
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }

  onChange(callback: () => void): void {
    this.#callbacks.add(callback);
  }

  /** Follows for as long as there are events. */
  async follow(): Promise<void> {
    // In this order, so that what changes in between is seen twice rather than never.
    const events = await this.#api.events({}, {});
    await this.#reload();
    for await (const event of events) {
      if (event.type === 'reset') await this.#reload();
      else this.#apply(event);
    }
  }

  async #reload(): Promise<void> {
    this.#running.clear();
    this.#queued.clear();
    for await (const runs of await this.#api.runs.list({ deleted: false }, {})) {
      for (const { id, status } of runs) this.#note(id, status);
    }
    this.#tell();
  }

  #apply(event: WorkbenchEvent): void {
    if (event.type === 'run') this.#note(event.run.id, event.run.status);
    else if (event.type === 'purged') this.#note(event.runId, 'purged');
    else if (event.type === 'progress' && this.#running.has(event.runId)) {
      this.#running.set(event.runId, shareDone(event.progress));
    } else return;
    this.#tell();
  }

  #note(runId: string, status: string): void {
    if (status !== 'running') this.#running.delete(runId);
    else if (!this.#running.has(runId)) this.#running.set(runId, 0);
    if (status === 'queued') this.#queued.add(runId);
    else this.#queued.delete(runId);
  }

  #tell(): void {
    for (const callback of this.#callbacks) callback();
  }
}

/** Validation and evaluation are short beside the training of their epoch, and count as its end. */
function shareDone({ phase, epoch, epochs, step, steps }: Progress): number {
  if (epochs === 0) return 0;
  const inEpoch = phase === 'training' && steps > 0 ? step / steps : 1;
  return Math.min(1, Math.max(0, (epoch - 1 + inEpoch) / epochs));
}
