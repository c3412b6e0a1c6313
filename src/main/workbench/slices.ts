import { breathe, type LongTaskOptions } from '../store/longTask.ts';

/** A computation keeps the process to itself for no longer than this, ms. */
const sliceMs = 8;

/**
 * Runs a computation that yields how much of it is done, to its end, in slices between which the
 * process does its other work.
 *
 * @param step what it does, in words, and how much there is to do
 */
export async function runInSlices<Result>(
  work: Generator<number, Result, void>,
  { step, total }: { step: string; total: number },
  { onProgress, signal }: LongTaskOptions,
): Promise<Result> {
  signal?.throwIfAborted();
  let began = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (performance.now() - began < sliceMs) continue;
    onProgress?.({ step, done: value, total });
    await breathe();
    signal?.throwIfAborted();
    began = performance.now();
  }
}
