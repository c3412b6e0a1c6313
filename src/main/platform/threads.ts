/** Both sides of a thread: what takes the processor for longer than a process may keep silent. */
import { on } from 'node:events';
import { parentPort, Worker, workerData, type Transferable } from 'node:worker_threads';
import { AfterimageError, errorFrom, factsOf, type ErrorFacts } from '../../core/errors.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import type { LongTaskOptions } from './longTask.ts';

/** Whether threads can work on the same memory. */
export const canShareMemory = typeof SharedArrayBuffer !== 'undefined';

/** What a thread says: of a request any number of `progress`, then one of the others. */
export type ThreadMessage<Result = unknown> =
  | { type: 'progress'; progress: LongTaskProgress }
  | { type: 'done'; result: Result }
  | ({ type: 'failed' } & ErrorFacts);

/**
 * Starts the thread of `entry`, which calls `answerTask`, and gives its answer. Aborting ends the
 * thread and rejects with the signal's reason.
 */
export async function runInThread<Result>(
  entry: URL,
  request: unknown,
  { onProgress, signal }: LongTaskOptions,
): Promise<Result> {
  signal?.throwIfAborted();
  const thread = new Worker(entry, { workerData: request });
  try {
    const until = signal ? { signal, close: ['exit'] } : { close: ['exit'] };
    const messages = on(thread, 'message', until) as AsyncIterable<[ThreadMessage<Result>]>;
    // Throws what the thread did not catch, and when the call is aborted.
    const answer = await readAnswer(messages, onProgress);
    if (answer !== null) return answer.result;
    throw new Error(`The thread of ${entry.pathname} ended without a word.`);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await thread.terminate();
  }
}

/** What a task gives, its progress told on the way; throws its failure. Null where it ended without a word. */
export async function readAnswer<Result>(
  messages: AsyncIterable<[ThreadMessage<Result>]>,
  onProgress: LongTaskOptions['onProgress'],
): Promise<{ result: Result } | null> {
  for await (const [message] of messages) {
    if (message.type === 'done') return message;
    if (message.type === 'failed') throw errorFrom(message);
    onProgress?.(message.progress);
  }
  return null;
}

/** Tells the other side how far the task is. */
export type Report = (progress: LongTaskProgress) => void;

/** Carries out a request, and says once what came of it; what is no AfterimageError ends the thread. */
async function answer<Result>(
  work: () => Promise<Result>,
  transfer: (result: Result) => Transferable[],
): Promise<void> {
  try {
    const result = await work();
    say({ type: 'done', result }, transfer(result));
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    say({ type: 'failed', ...factsOf(error) });
  }
}

function say(message: ThreadMessage, moved: Transferable[] = []): void {
  parentPort?.postMessage(message, moved);
}

/** Nobody sees more often how far a task is; telling it at each step costs some tasks a fiftieth. */
const leastInterval = 50;

/** Tells progress, but within a step no sooner than that after the last time, save for the end. */
export function limitReports(report: Report): Report {
  let [last, lastStep] = [Number.NEGATIVE_INFINITY, ''];
  return (progress) => {
    const { step, done, total } = progress;
    const now = performance.now();
    if (step === lastStep && done !== total && now - last < leastInterval) return;
    [last, lastStep] = [now, step];
    report(progress);
  };
}

const openReport = (): Report =>
  limitReports((progress) => {
    say({ type: 'progress', progress });
  });

/** The side of a thread with one task: carries it out. */
export async function answerTask<Result>(
  task: (request: never, report: Report) => Promise<Result>,
): Promise<void> {
  await answer(
    () => task(workerData as never, openReport()),
    () => [],
  );
}

/**
 * The side of a thread with a queue (see `ThreadQueue`): carries out one job after the other.
 *
 * @param transfer what of a result moves to the other side instead of being copied
 */
export function answerJobs<Result>(
  work: (job: never, report: Report) => Promise<Result>,
  transfer: (result: Result) => Transferable[],
): void {
  parentPort?.on('message', (job: unknown) => {
    void answer(() => work(job as never, openReport()), transfer);
  });
}
