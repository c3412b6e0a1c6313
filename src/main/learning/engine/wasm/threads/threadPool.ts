import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AfterimageError } from '../../../../../core/errors.ts';
import { createBoard, JobBoard } from './jobBoard.ts';
import type { Compute } from './compute.ts';
import type { Places, Task } from './tasks.ts';
import { tasks, type TaskArguments, type TaskName } from './taskTable.ts';
import type { ThreadData } from './thread.ts';

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
  #board = createBoard();
  #jobs = new JobBoard(this.#board);
  /** What became of a helper that should be there. */
  #loss: string | null = null;

  constructor(own: Compute, shared: Pick<ThreadData, 'memory' | 'module'>) {
    this.#own = own;
    this.#shared = shared;
  }

  get threads(): number {
    return this.#helpers.length + 1;
  }

  /** Starts as many threads as are missing, or ends those that are too many. */
  async resize(threads: number): Promise<void> {
    if (threads === this.threads) return;
    await this.close();
    // Threads of another number never see this board.
    this.#board = createBoard();
    this.#jobs = new JobBoard(this.#board);
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
  }

  /** Does all units of a task, in no more parts than have places of their own; throws what a part of it threw here, INTERNAL where another thread failed. */
  run<Name extends TaskName>(
    name: Name,
    args: TaskArguments<Name> & Partial<Places>,
    units: number,
  ): void {
    if (this.#loss !== null) throw failure(`is gone: ${this.#loss}`);
    const task: Task = tasks[name];
    if (this.#helpers.length === 0 || units < 2) {
      task.run(this.#own, args, 0, units);
      return;
    }
    const errors: unknown[] = [];
    const { places, byPart = 0 } = args;
    const parts = task.inOrder === true ? units : partsPerThread * this.threads;
    this.#jobs.open(name, args, units, byPart === 1 ? (places ?? parts) : parts);
    this.#jobs.takeParts(this.#own, (error) => errors.push(error));
    const end = this.#jobs.waitUntilDone();
    if (errors.length > 0) throw errors[0];
    if (end === 'failed') throw failure('failed; the log says at what');
    if (end === 'lost') throw failure('does not answer');
  }

  #start(thread: number): Worker {
    const workerData: ThreadData = { ...this.#shared, board: this.#board, thread };
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
