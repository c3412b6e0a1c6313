import type { LongTaskProgress } from '../../shared/contract.ts';

/**
 * A task that reports as a stream: what it reports is yielded, the newest only where the reader is
 * slower, then its result returned. The task ends with the reader.
 *
 * @param signal of the call; the task gets one that also aborts when the stream is closed
 */
export async function* streamTask<Result, Progress = LongTaskProgress>(
  task: (report: (progress: Progress) => void, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Progress, Result, undefined> {
  const closed = new AbortController();
  const either = signal ? AbortSignal.any([signal, closed.signal]) : closed.signal;
  let newest: Progress | undefined;
  let wake = Promise.withResolvers<undefined>();
  let settled = false;
  const result = task((progress) => {
    newest = progress;
    wake.resolve(undefined);
  }, either).finally(() => {
    settled = true;
    wake.resolve(undefined);
  });
  // The caller sees a failure where it awaits the result; without this, Node might see it first.
  result.catch(() => undefined);
  try {
    for (;;) {
      await wake.promise;
      wake = Promise.withResolvers();
      const progress = newest;
      newest = undefined;
      if (progress !== undefined) yield progress;
      // TypeScript does not see that the task may have settled meanwhile.
      if (settled as boolean) return await result;
    }
  } finally {
    closed.abort();
  }
}

/** Runs such a stream to its end. */
export async function finishTask<Result>(
  stream: AsyncIterator<LongTaskProgress, Result>,
  onProgress: (progress: LongTaskProgress) => void,
): Promise<Result> {
  for (;;) {
    const step = await stream.next();
    if (step.done === true) return step.value;
    onProgress(step.value);
  }
}
