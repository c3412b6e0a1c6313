import { taskNames, tasks, type TaskName } from './taskTable.ts';
import type { Compute } from './compute.ts';
import type { Task } from './tasks.ts';
import { waitUntil } from './waiting.ts';

/*
 * Where the engine's thread says what is to be done, job after job, and all threads take parts of the oldest
 * job that is not done. It need not wait for a job before it says the next one, so that others work while
 * it prepares. Whoever takes a part counts the job's `ticket` down, and `done` up when the part is done;
 * the last one to do so opens the next job to all. The engine's thread takes parts like the others, so that
 * one that sleeps costs speed and nothing else. A ticket carries its job's number: nobody takes a part of a
 * job that is over, and what a job says stays until its last part is done. Parts are taken in order, so that
 * one may wait for those before it.
 */

/** Jobs that are not done, at most: a power of two. */
const mostJobs = 16;

/** Integers of 32 bits, a line of the cache apart. */
const lineLength = 16;
/** Numbers of the next job to be put up and of the oldest one that is not done; whether a part failed. */
const places = { next: 0, oldest: lineLength, failed: 2 * lineLength } as const;
const jobsAt = 3 * lineLength;
/** Of a job, from its first place on. */
const ofJob = { ticket: 0, done: 1, parts: 2, units: 3, task: 4 } as const;
const integersLength = jobsAt + mostJobs * lineLength;
const mostArguments = 40;

const partBits = 12;
const mostParts = 2 ** partBits - 1;
const partsLeft = (ticket: number): number => ticket & mostParts;
const ticketOf = (job: number, parts: number): number => (job << partBits) | parts;

export const createQueue = (): SharedArrayBuffer =>
  new SharedArrayBuffer(
    integersLength * Int32Array.BYTES_PER_ELEMENT +
      mostJobs * mostArguments * Float64Array.BYTES_PER_ELEMENT,
  );

/**
 * The first unit of a part. Parts become smaller and smaller, the last ones a fraction of a mean one, so that
 * threads end a job together whenever each began.
 */
const startOf = (part: number, parts: number, units: number): number =>
  parts === units ? part : Math.ceil(units * (1 - ((parts - part) / parts) ** 2));

/** What a job says. */
interface Job {
  number: number;
  task: Task;
  args: Record<string, number>;
  parts: number;
  units: number;
}

/** A thread's view of the queue. Numbers of jobs are integers of 32 bits, and follow each other round. */
export class JobQueue {
  readonly #state: Int32Array;
  readonly #arguments: Float64Array;
  readonly #compute: Compute;
  readonly #report: (error: unknown) => void;
  #job: Job | null = null;

  /** @param report is given what a part of this thread's throws; the part counts as done */
  constructor(queue: SharedArrayBuffer, compute: Compute, report: (error: unknown) => void) {
    this.#state = new Int32Array(queue, 0, integersLength);
    this.#arguments = new Float64Array(queue, integersLength * Int32Array.BYTES_PER_ELEMENT);
    this.#compute = compute;
    this.#report = report;
  }

  /** Number of the job that will be put up next. */
  get next(): number {
    return Atomics.load(this.#state, places.next);
  }

  get isFull(): boolean {
    return this.#isBefore(this.#oldest + mostJobs - 1, this.next);
  }

  /** Whether all jobs before this one are done. */
  isDoneUpTo(number: number): boolean {
    return !this.#isBefore(this.#oldest, number);
  }

  /** Puts up a job, in at most so many parts; there must be room. */
  open(name: TaskName, args: Readonly<Record<string, number>>, units: number, parts: number): void {
    const number = this.next;
    const at = this.#placeOf(number);
    (tasks[name] as Task).parameters.forEach((parameter, i) => {
      this.#arguments[this.#argumentsOf(number) + i] = args[parameter] as number;
    });
    const count = Math.min(parts, units, mostParts);
    this.#state[at + ofJob.done] = 0;
    this.#state[at + ofJob.parts] = count;
    this.#state[at + ofJob.units] = units;
    this.#state[at + ofJob.task] = taskNames.indexOf(name);
    Atomics.store(this.#state, at + ofJob.ticket, ticketOf(number, count));
    Atomics.store(this.#state, places.next, number + 1);
    Atomics.notify(this.#state, places.next);
  }

  /**
   * Does a part of the oldest job, or waits until others have done theirs; nothing where there is none.
   *
   * @returns false where they did not in so long
   */
  work(timeoutMs = Infinity): boolean {
    const number = this.#oldest;
    if (number === this.next) return true;
    const ticket = this.#take(number);
    if (ticket !== null) {
      this.#do(number, ticket);
      return true;
    }
    const isOver = (oldest: number): boolean => oldest !== number;
    return waitUntil(this.#state, places.oldest, isOver, timeoutMs) !== null;
  }

  /** Waits until there is a job. */
  waitForJob(): void {
    waitUntil(this.#state, places.next, (next) => this.#oldest !== next);
  }

  /** Whether a part of any job failed since this was asked last. */
  takeFailure(): boolean {
    return Atomics.exchange(this.#state, places.failed, 0) === 1;
  }

  get #oldest(): number {
    return Atomics.load(this.#state, places.oldest);
  }

  #isBefore(a: number, b: number): boolean {
    return ((a - b) | 0) < 0;
  }

  #placeOf(number: number): number {
    return jobsAt + (number & (mostJobs - 1)) * lineLength;
  }

  #argumentsOf(number: number): number {
    return (number & (mostJobs - 1)) * mostArguments;
  }

  /** The ticket for a part that is now the caller's; null where none is left. */
  #take(number: number): number | null {
    const at = this.#placeOf(number) + ofJob.ticket;
    for (;;) {
      const ticket = Atomics.load(this.#state, at);
      if (ticket >> partBits !== ticketOf(number, 0) >> partBits) return null;
      if (partsLeft(ticket) === 0) return null;
      if (Atomics.compareExchange(this.#state, at, ticket, ticket - 1) === ticket) return ticket;
    }
  }

  #do(number: number, ticket: number): void {
    if (this.#job?.number !== number) this.#job = this.#read(number);
    const { task, args, parts, units } = this.#job;
    const part = parts - partsLeft(ticket);
    const [from, to] = [startOf(part, parts, units), startOf(part + 1, parts, units)];
    this.#compute.part = part;
    try {
      if (from < to) task.run(this.#compute, args, from, to);
    } catch (error) {
      Atomics.store(this.#state, places.failed, 1);
      this.#report(error);
    }
    const done = Atomics.add(this.#state, this.#placeOf(number) + ofJob.done, 1) + 1;
    if (done < parts) return;
    Atomics.store(this.#state, places.oldest, number + 1);
    Atomics.notify(this.#state, places.oldest);
  }

  /** What the job says; stays as it is while one of its parts is taken and not done. */
  #read(number: number): Job {
    const at = this.#placeOf(number);
    const task = tasks[taskNames[this.#state[at + ofJob.task] as number] as TaskName] as Task;
    const args: Record<string, number> = {};
    const first = this.#argumentsOf(number);
    task.parameters.forEach((name, i) => {
      args[name] = this.#arguments[first + i] as number;
    });
    return {
      number,
      task,
      args,
      parts: this.#state[at + ofJob.parts] as number,
      units: this.#state[at + ofJob.units] as number,
    };
  }
}
