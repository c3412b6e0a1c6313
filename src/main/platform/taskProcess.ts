/** Both sides of a process for one task: what may need more memory than there is, or crash. */
import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AfterimageError, factsOf, type ErrorFacts } from '../../core/errors.ts';
import type { LongTaskOptions } from './longTask.ts';
import { readAnswer, type Report, type ThreadMessage } from './threads.ts';

export interface TaskProcess extends LongTaskOptions {
  /** What a caller is told whose process ended before the task did: by which signal, or exit code. */
  explainLoss: (end: string) => AfterimageError;
}

/**
 * Starts the process of `entry`, which calls `answerRequest`, and gives its answer. Aborting ends the
 * process and rejects with the signal's reason. When this settles, the process is gone.
 */
export async function runInProcess<Result>(
  entry: URL,
  request: unknown,
  { onProgress, signal, explainLoss }: TaskProcess,
): Promise<Result> {
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(entry), [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = whenGone(child);
  try {
    const until = signal ? { signal, close: ['close'] } : { close: ['close'] };
    const messages = on(child, 'message', until) as AsyncIterable<[ThreadMessage<Result>]>;
    child.send(request as object);
    const answer = await readAnswer(messages, onProgress);
    if (answer !== null) return answer.result;
    throw explainLoss(await gone);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

/** Resolves to what ended the process. */
function whenGone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    // One that cannot be started, or not be written to, is gone as well.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
    child.on('close', (code, signal) => {
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
}

const say = (message: ThreadMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => {
      resolve();
    });
  });

/** What of any error crosses. The system's own words for too little memory differ by what asked for it. */
function tell(error: unknown): ErrorFacts {
  if (error instanceof AfterimageError) return factsOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof RangeError && /allocation failed/i.test(message);
  return {
    code: isMemory ? 'OUT_OF_MEMORY' : 'INTERNAL',
    message: `${message}.`,
    remedy: isMemory
      ? 'Free some memory, then try again.'
      : 'Try again; if it fails again, report it.',
  };
}

/** Where memory runs short, Linux ends this process, and not the one that started it. */
function goFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // There is no such file elsewhere.
  }
}

/** The side of the process: carries out the one request that comes, and ends with whoever sent it. */
export function answerRequest<Result>(
  task: (request: never, report: Report) => Promise<Result>,
): void {
  goFirst();
  process.on('disconnect', () => process.exit());
  const report: Report = (progress) => void say({ type: 'progress', progress });
  process.once('message', (request) => {
    void task(request as never, report)
      .then(
        (result) => say({ type: 'done', result }),
        (error: unknown) => say({ type: 'failed', ...tell(error) }),
      )
      .then(() => process.exit());
  });
}
