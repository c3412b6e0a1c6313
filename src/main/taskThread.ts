/** One task in a thread of its own: what takes the processor for longer than a process may keep silent. */
import { on } from 'node:events';
import { parentPort, Worker, workerData, type Transferable } from 'node:worker_threads';
import { AfterimageError, type ErrorCode } from '../core/errors.ts';

type ThreadMessage =
  | { type: 'progress'; progress: unknown }
  | { type: 'done'; result: unknown }
  | { type: 'failed'; code: ErrorCode; message: string; remedy: string };

export interface ThreadOptions<Progress> {
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting ends the thread and rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Starts the thread of `entry`, which calls `answerTask`, and gives its answer. */
export async function runInThread<Result, Progress>(
  entry: URL,
  request: unknown,
  { onProgress, signal }: ThreadOptions<Progress>,
): Promise<Result> {
  signal?.throwIfAborted();
  const thread = new Worker(entry, { workerData: request });
  try {
    const until = signal ? { signal, close: ['exit'] } : { close: ['exit'] };
    // Throws what the thread did not catch, and when the call is aborted.
    for await (const [message] of on(thread, 'message', until) as AsyncIterable<[ThreadMessage]>) {
      if (message.type === 'done') return message.result as Result;
      if (message.type === 'failed') {
        throw new AfterimageError(message.code, message.message, message.remedy);
      }
      onProgress?.(message.progress as Progress);
    }
    throw new Error(`The thread of ${entry.pathname} ended without a word.`);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await thread.terminate();
  }
}

/** Tells the other side how far the task is. */
export type Report = (progress: unknown) => void;

/**
 * The thread's side: carries out its request, and answers once.
 *
 * @param transfer what of the result moves to the other side instead of being copied
 */
export async function answerTask<Task extends (request: never, report: Report) => Promise<unknown>>(
  task: Task,
  transfer: (result: Awaited<ReturnType<Task>>) => Transferable[] = () => [],
): Promise<void> {
  const say = (message: ThreadMessage, moved: Transferable[] = []): void => {
    parentPort?.postMessage(message, moved);
  };
  try {
    const report: Report = (progress) => {
      say({ type: 'progress', progress });
    };
    const result = (await task(workerData as never, report)) as Awaited<ReturnType<Task>>;
    say({ type: 'done', result }, transfer(result));
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    const { code, message, remedy } = error;
    say({ type: 'failed', code, message, remedy });
  }
}
