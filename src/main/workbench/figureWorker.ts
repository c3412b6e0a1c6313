import { Worker } from 'node:worker_threads';
import { AfterimageError } from '../../core/errors.ts';
import type { FigureJob, FigureOutcome, FigureThreadData } from './figureJobs.ts';

interface Waiting {
  job: FigureJob;
  signal: AbortSignal | undefined;
  settle: PromiseWithResolvers<FigureOutcome>;
}

/**
 * Makes figures in a thread of its own, started when the first is wanted: a large one takes seconds
 * to draw and encode, and this process answers meanwhile. One job at a time; a job whose caller has
 * gone before its turn is never begun, so a burst of edits costs two figures and not all of them; a file
 * whose caller has gone is left where it is.
 */
export class FigureWorker {
  readonly #data: FigureThreadData;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | null = null;
  #worker: Worker | null = null;

  constructor(dataDir: string) {
    this.#data = { dataDir };
  }

  /** Rejects where the thread is lost, and with the signal's reason. */
  async run(job: FigureJob, signal?: AbortSignal): Promise<FigureOutcome> {
    signal?.throwIfAborted();
    const settle = Promise.withResolvers<FigureOutcome>();
    const abort = (): void => {
      settle.reject(signal?.reason);
      // A picture is drawn to its end: the next edit needs the thread. A file may take much longer.
      if (job.kind === 'export' && this.#current?.settle === settle) void this.#worker?.terminate();
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
    const worker = new Worker(new URL('./figureThread.ts', import.meta.url), {
      workerData: this.#data,
    });
    // The thread keeps no process alive: whoever waits for a figure does.
    worker.unref();
    worker.on('message', (outcome: FigureOutcome) => {
      const done = this.#current;
      this.#current = null;
      done?.settle.resolve(outcome);
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
    lost?.settle.reject(
      new AfterimageError(
        'INTERNAL',
        `The figure was not finished: ${reason}.`,
        'Try again; a smaller figure or fewer dpi need less memory.',
      ),
    );
    this.#next();
  }
}
