import { setTimeout as wait } from 'node:timers/promises';
import type { LongTaskProgress } from '../../src/shared/longTask.ts';

/** A long call that does nothing but tell how far it is, and then gives a result. */
export async function* countTo<T>(
  step: string,
  total: number,
  stepMs: number,
  signal: AbortSignal | undefined,
  result: T,
): AsyncGenerator<LongTaskProgress, T> {
  for (let done = 0; done <= total; done += 1) {
    signal?.throwIfAborted();
    yield { step, done, total };
    await wait(stepMs);
  }
  return result;
}
