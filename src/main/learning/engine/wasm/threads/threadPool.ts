import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AfterimageError } from '../../../../../core/errors.ts';
import { createQueue, JobQueue } from './jobQueue.ts';
import type { Compute } from './compute.ts';
import type { Places, Task } from './tasks.ts';
import { tasks, type TaskArguments, type TaskName } from './taskTable.ts';
import type { ThreadData } from './thread.ts';
import { patienceMs } from './waiting.ts';

const entry = new URL('./thread.ts', import.meta.url);

/** So many parts for each thread: one that the system takes off its core holds up few of them. */
const partsPerThread = 4;

const failure = (what: string): AfterimageError =>
  new AfterimageError(
    'INTERNAL',
    `A thread of the embedded engine ${what}.`,
    'Resume the run; if it fails again, train with --threads 1 and report the log.',
  );

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The threads that share an engine's work: this one and those it has started. */
export class ThreadPool {
  readonly #own: Compute;
  readonly #shared: Pick<ThreadData, 'memory' | 'module'>;
  #helpers: Worker[] = [];
  #queue = createQueue();
  #jobs: JobQueue;
  /** What parts of this thread's threw since the last `finish`. */
  #errors: unknown[] = [];
  #isDeferring = false;
  /** What is to be done when all jobs before a number are. */
  #releases: { number: number; release: () => void }[] = [];
  /** What became of a helper that should be there. */
  #loss: string | null = null;

  constructor(own: Compute, shared: Pick<ThreadData, 'memory' | 'module'>) {
    this.#own = own;
    this.#shared = shared;
    this.#jobs = this.#openQueue();
  }

  get threads(): number {
    return this.#helpers.length + 1;
  }

  /** Starts as many threads as are missing, or ends those that are too many. */
  async resize(threads: number): Promise<void> {
    if (threads === this.threads) return;
    await this.close();
    // Threads of another number never see this queue.
    this.#queue = createQueue();
    this.#jobs = this.#openQueue();
    const started = Array.from({ length: threads - 1 }, (_, i) => this.#start(i + 1));
    try {
      await Promise.all(started.map((helper) => once(helper, 'message')));
    } catch (error) {
      await Promise.all(started.map((helper) => helper.terminate()));
      throw failure(`did not start: ${messageOf(error)}`);
    }
    this.#loss = null;
    this.#helpers = started;
  }

  async close(): Promise<void> {
    const helpers = this.#helpers;
    this.#helpers = [];
    await Promise.all(helpers.map((helper) => helper.terminate()));
    for (const { release } of this.#releases.splice(0)) release();
  }

  /**
   * Does all units of a task, in no more parts than have places of their own; within `defer` it only puts
   * them up. Throws as `finish` does.
   */
  run<Name extends TaskName>(
    name: Name,
    args: TaskArguments<Name> & Partial<Places>,
    units: number,
  ): void {
    if (this.#loss !== null) throw failure(`is gone: ${this.#loss}`);
    if (units === 0) return;
    const task: Task = tasks[name];
    if (this.#helpers.length === 0 || (units < 2 && !this.#isDeferring)) {
      this.#own.part = 0;
      task.run(this.#own, args, 0, units);
      return;
    }
    const { places, byPart = 0 } = args;
    const parts = task.inOrder === true ? units : partsPerThread * this.threads;
    while (this.#jobs.isFull) this.#work();
    this.#jobs.open(name, args, units, byPart === 1 ? (places ?? parts) : parts);
    this.#release();
    if (!this.#isDeferring) this.finish();
  }

  /** For the time of a function, `run` does not wait until its units are done. */
  defer<T>(work: () => T): T {
    this.#isDeferring = true;
    try {
      return work();
    } finally {
      this.#isDeferring = false;
      this.finish();
    }
  }

  /** Waits until every unit is done; throws what one threw here, INTERNAL where another thread failed. */
  finish(): void {
    while (!this.#jobs.isDoneUpTo(this.#jobs.next)) this.#work();
    this.#release();
    const [error] = this.#errors.splice(0);
    const failed = this.#jobs.takeFailure();
    if (error !== undefined) throw error as Error;
    if (failed) throw failure('failed; the log says at what');
  }

  /** Does something that no job so far may see: when they are done, at once if they are. */
  afterJobs(release: () => void): void {
    const number = this.#jobs.next;
    if (this.#jobs.isDoneUpTo(number)) release();
    else this.#releases.push({ number, release });
  }

  #work(): void {
    if (this.#jobs.work(patienceMs)) return;
    this.#loss = 'it does not answer';
    throw failure('does not answer');
  }

  #release(): void {
    const open = this.#releases.findIndex(({ number }) => !this.#jobs.isDoneUpTo(number));
    const done = open === -1 ? this.#releases.length : open;
    for (const { release } of this.#releases.splice(0, done)) release();
  }

  #openQueue(): JobQueue {
    return new JobQueue(this.#queue, this.#own, (error) => this.#errors.push(error));
  }

  #start(thread: number): Worker {
    const workerData: ThreadData = { ...this.#shared, queue: this.#queue, thread };
    const helper = new Worker(entry, { workerData });
    // It keeps no process alive: whoever has work for it does.
    helper.unref();
    helper.on('error', (error: unknown) => {
      this.#loss = messageOf(error);
    });
    helper.on('exit', () => {
      if (this.#helpers.includes(helper)) this.#loss ??= 'it ended';
    });
    return helper;
  }
}
