import { Worker } from 'node:worker_threads';
import { errorFrom, type AfterimageError } from '../../core/errors.ts';
import type { LongTaskOptions } from './longTask.ts';
import type { ThreadMessage } from './threads.ts';

interface Waiting<Job, Result> extends LongTaskOptions {
  job: Job;
  settle: PromiseWithResolvers<Result>;
}

export interface ThreadQueueParts<Job> {
  /** Of the thread, which calls `answerJobs`. */
  entry: URL;
  /** What the thread is started with. */
  data: unknown;
  /** Whether a job whose caller has gone is given up, and the thread with it, or done to its end. */
  isLeft: (job: Job) => boolean;
  /** What a caller is told whose thread ended before the job did. */
  explainLoss: (reason: string) => AfterimageError;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error);

/**
 * A thread for jobs that come one by one, started when the first does, and again after it was lost. A
 * job whose caller has gone before its turn is never begun.
 */
export class ThreadQueue<Job, Result> {
  readonly #parts: ThreadQueueParts<Job>;
  readonly #waiting: Waiting<Job, Result>[] = [];
  #current: Waiting<Job, Result> | null = null;
  #worker: Worker | null = null;
  #closed = false;

  constructor(parts: ThreadQueueParts<Job>) {
    this.#parts = parts;
  }

  /** Rejects as the job does, where the thread is lost, and with the signal's reason. */
  async run(job: Job, { signal, onProgress }: LongTaskOptions = {}): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#closed) throw this.#closing();
    const settle = Promise.withResolvers<Result>();
    const abort = (): void => {
      settle.reject(signal?.reason);
      if (this.#current?.settle === settle && this.#parts.isLeft(job)) this.#leave();
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push({ job, signal, onProgress, settle });
    this.#next();
    try {
      return await settle.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the thread; every job that is not done yet is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    const unfinished = [this.#current, ...this.#waiting.splice(0)];
    this.#current = null;
    for (const job of unfinished) job?.settle.reject(this.#closing());
    await worker?.terminate();
  }

  #closing(): AfterimageError {
    return this.#parts.explainLoss('Afterimage is closing');
  }

  #next(): void {
    while (this.#current === null) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (next.signal?.aborted !== true) this.#begin(next);
    }
  }

  /** What cannot be handed to the thread fails alone. */
  #begin(next: Waiting<Job, Result>): void {
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage(next.job);
      this.#current = next;
      this.#worker.ref();
    } catch (error) {
      next.settle.reject(this.#parts.explainLoss(reasonOf(error)));
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#parts.entry, { workerData: this.#parts.data });
    // The thread keeps a process alive only while it has a job.
    worker.unref();
    worker.on('message', (message: ThreadMessage<Result>) => {
      if (this.#worker === worker) this.#settle(message);
    });
    let reason = 'it ended';
    worker.on('error', (error) => {
      reason = reasonOf(error);
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#lose(reason);
    });
    return worker;
  }

  #settle(message: ThreadMessage<Result>): void {
    if (message.type === 'progress') {
      this.#current?.onProgress?.(message.progress);
      return;
    }
    const settle = this.#current?.settle;
    this.#current = null;
    this.#worker?.unref();
    if (message.type === 'done') settle?.resolve(message.result);
    else settle?.reject(errorFrom(message));
    this.#next();
  }

  /** Gives up the job in hand and its thread, which no longer speaks for the jobs to come. */
  #leave(): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#current = null;
    void worker?.terminate();
    this.#next();
  }

  /** The thread is gone; the next job gets a new one. */
  #lose(reason: string): void {
    const lost = this.#current;
    this.#worker = null;
    this.#current = null;
    lost?.settle.reject(this.#parts.explainLoss(reason));
    this.#next();
  }
}
