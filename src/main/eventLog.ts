import { randomUUID } from 'node:crypto';
import { AsyncIteratorClass, withEventMeta } from '@orpc/server';
import type { WorkbenchEvent } from '../shared/events.ts';
import type { CallOptions } from './router.ts';

/**
 * How many events are kept for readers that fall behind or come back. At ten events a second this is
 * close to seven minutes; whoever is away for longer is told to load everything again.
 */
const defaultCapacity = 4096;

/**
 * What has happened in this process, in order, for any number of readers at their own pace. Each
 * event carries an id (oRPC's event meta) that a reader may resume after. Ids of another process are
 * told apart, so that a restart is never mistaken for a resume.
 */
export class EventLog {
  readonly #logId = randomUUID();
  readonly #capacity: number;
  readonly #ring: WorkbenchEvent[] = [];
  /** How many events there have been; the next one's sequence number. */
  #length = 0;
  readonly #wakes = new Set<() => void>();

  constructor(capacity = defaultCapacity) {
    this.#capacity = capacity;
  }

  publish(event: WorkbenchEvent): void {
    this.#ring[this.#length % this.#capacity] = event;
    this.#length += 1;
    for (const wake of this.#wakes) wake();
    this.#wakes.clear();
  }

  /**
   * Everything after `lastEventId`, or from now on without one: counted from this call, not from the
   * first read. Ends when `signal` aborts. A reader whose next event is no longer kept, or whose id is
   * unknown, gets `reset` and goes on from there.
   */
  read({ lastEventId, signal }: CallOptions): AsyncIteratorObject<WorkbenchEvent, undefined> {
    let position = lastEventId === undefined ? this.#length : this.#positionAfter(lastEventId);
    let wake = (): void => undefined;
    let ended = false;
    const end = (): void => {
      ended = true;
      wake();
    };
    signal?.addEventListener('abort', end, { once: true });

    const next = async (): Promise<IteratorResult<WorkbenchEvent, undefined>> => {
      while (!ended && signal?.aborted !== true && position === this.#length) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => {
          this.#wakes.delete(wake);
          resolve(undefined);
        };
        this.#wakes.add(wake);
        await promise;
      }
      if (ended || signal?.aborted === true) return { done: true, value: undefined };
      const event = this.#at(position);
      position = event === null ? this.#length : position + 1;
      const meta = { id: `${this.#logId}/${position}` };
      return { done: false, value: withEventMeta(event ?? { type: 'reset' }, meta) };
    };
    return new AsyncIteratorClass(next, () => {
      signal?.removeEventListener('abort', end);
      end();
      return Promise.resolve();
    });
  }

  /** The position that follows an event, or -1 where the id is none of this log's. */
  #positionAfter(eventId: string): number {
    const [logId, position] = eventId.split('/');
    const after = Number(position);
    const known = logId === this.#logId && Number.isInteger(after) && after <= this.#length;
    return known ? after : -1;
  }

  /** The event at a position below `#length`, or null where it is no longer kept. */
  #at(position: number): WorkbenchEvent | null {
    if (position < 0 || position < this.#length - this.#capacity) return null;
    return this.#ring[position % this.#capacity] ?? null;
  }
}
