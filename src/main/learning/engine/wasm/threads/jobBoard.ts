import { taskNames, tasks, type TaskName } from './taskTable.ts';
import type { Compute } from './compute.ts';
import type { Task } from './tasks.ts';
import { patienceMs, waitUntil } from './waiting.ts';

/*
 * Where the engine's thread says what is to be done, and all threads take parts of it. Whoever takes a
 * part counts `ticket` down, and `done` up when the part is done. The engine's thread takes parts like the
 * others, so that one that sleeps costs speed and nothing else. A ticket carries its job's number: nobody
 * takes a part of a job that is over, and what a job says stays until its last part is done. Parts are
 * taken in order, so that one may wait for those before it.
 */

/** Places on the board, as integers of 32 bits. */
const places = { ticket: 0, done: 1, parts: 2, units: 3, task: 4, failed: 5 } as const;
const placesBytes = 32;
const mostArguments = 40;

const partBits = 12;
const mostParts = 2 ** partBits - 1;
const partsLeft = (ticket: number): number => ticket & mostParts;

export const createBoard = (): SharedArrayBuffer =>
  new SharedArrayBuffer(placesBytes + mostArguments * Float64Array.BYTES_PER_ELEMENT);

interface Job {
  number: number;
  task: Task;
  args: Record<string, number>;
  parts: number;
  units: number;
}

export class JobBoard {
  readonly #state: Int32Array;
  readonly #arguments: Float64Array;

  constructor(board: SharedArrayBuffer) {
    this.#state = new Int32Array(board, 0, placesBytes / Int32Array.BYTES_PER_ELEMENT);
    this.#arguments = new Float64Array(board, placesBytes);
  }

  /** Puts up a job, in at most so many parts; the one before it must be done. */
  open(name: TaskName, args: Readonly<Record<string, number>>, units: number, parts: number): void {
    (tasks[name] as Task).parameters.forEach((parameter, i) => {
      this.#arguments[i] = args[parameter] as number;
    });
    const count = Math.min(parts, units, mostParts);
    this.#state.set([0, count, units, taskNames.indexOf(name), 0], places.done);
    const number = (this.#at('ticket') >> partBits) + 1;
    Atomics.store(this.#state, places.ticket, (number << partBits) | count);
    Atomics.notify(this.#state, places.ticket);
  }

  /** Does parts until none is left. What one throws is handed over; the part counts as done. */
  takeParts(compute: Compute, report: (error: unknown) => void): void {
    let job: Job | null = null;
    for (let ticket = this.#take(); ticket !== null; ticket = this.#take()) {
      const number = ticket >> partBits;
      if (job?.number !== number) job = this.#read(number);
      const { task, args, parts, units } = job;
      const part = parts - partsLeft(ticket);
      const [from, to] = [
        Math.floor((part * units) / parts),
        Math.floor(((part + 1) * units) / parts),
      ];
      try {
        task.run({ ...compute, part }, args, from, to);
      } catch (error) {
        Atomics.store(this.#state, places.failed, 1);
        report(error);
      }
      const done = Atomics.add(this.#state, places.done, 1) + 1;
      if (done === parts) Atomics.notify(this.#state, places.done);
    }
  }

  /** Waits until every part is done. */
  waitUntilDone(): 'done' | 'failed' | 'lost' {
    const parts = this.#at('parts');
    const done = waitUntil(this.#state, places.done, (count) => count >= parts, patienceMs);
    if (done === null) return 'lost';
    return this.#at('failed') === 0 ? 'done' : 'failed';
  }

  /** Waits until there is something to do. */
  waitForJob(): void {
    waitUntil(this.#state, places.ticket, (ticket) => partsLeft(ticket) > 0);
  }

  #at(place: keyof typeof places): number {
    return Atomics.load(this.#state, places[place]);
  }

  /** The ticket for a part that is now the caller's; null where none is left. */
  #take(): number | null {
    for (;;) {
      const ticket = this.#at('ticket');
      if (partsLeft(ticket) === 0) return null;
      if (Atomics.compareExchange(this.#state, places.ticket, ticket, ticket - 1) === ticket) {
        return ticket;
      }
    }
  }

  /** What the job says; stays as it is while one of its parts is taken and not done. */
  #read(number: number): Job {
    const task = tasks[taskNames[this.#at('task')] as TaskName] as Task;
    const args = task.parameters.map((name, i) => [name, this.#arguments[i]]);
    return {
      number,
      task,
      args: Object.fromEntries(args) as Record<string, number>,
      parts: this.#at('parts'),
      units: this.#at('units'),
    };
  }
}
