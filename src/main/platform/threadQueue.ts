import { Worker } from 'node:worker_threads';
import { errorFrom, type AfterimageError } from '../../core/errors.ts';
import type { ThreadMessage } from './threads.ts';

interface Waiting<Job, Result> {
  job: Job;
  signal: AbortSignal | undefined;
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

/**
 * A thread for jobs that come one by one, started when the first does, and again after it was lost. A
 * job whose caller has gone before its turn is never begun.
 */
export class ThreadQueue<Job, Result> {
  readonly #parts: ThreadQueueParts<Job>;
  readonly #waiting: Waiting<Job, Result>[] = [];
  #current: Waiting<Job, Result> | null = null;
  #worker: Worker | null = null;

  constructor(parts: ThreadQueueParts<Job>) {
    this.#parts = parts;
  }

  /** Rejects as the job does, where the thread is lost, and with the signal's reason. */
  async run(job: Job, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    const settle = Promise.withResolvers<Result>();
    const abort = (): void => {
      settle.reject(signal?.reason);
      const isRunning = this.#current?.settle === settle;
      if (isRunning && this.#parts.isLeft(job)) void this.#worker?.terminate();
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push({ job, signal, settle });
    this.#next();
    try {
      return await settle.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    for (const { settle } of this.#waiting.splice(0)) {
      settle.reject(new Error('the workbench closes'));
    }
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    if (next.signal?.aborted === true) {
      this.#next();
      return;
    }
    this.#current = next;
    this.#worker ??= this.#start();
    this.#worker.postMessage(next.job);
  }

  #start(): Worker {
    const worker = new Worker(this.#parts.entry, { workerData: this.#parts.data });
    // The thread keeps no process alive: whoever waits for a job does.
    worker.unref();
    worker.on('message', (message: ThreadMessage<Result>) => {
      if (message.type === 'progress') return;
      const settle = this.#current?.settle;
      this.#current = null;
      if (message.type === 'done') settle?.resolve(message.result);
      else settle?.reject(errorFrom(message));
      this.#next();
    });
    let reason = 'it ended';
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      this.#lose(worker, reason);
    });
    return worker;
  }

  /** The thread is gone; the next job gets a new one. */
  #lose(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#worker = null;
    const lost = this.#current;
    this.#current = null;
    lost?.settle.reject(this.#parts.explainLoss(reason));
    this.#next();
  }
}
