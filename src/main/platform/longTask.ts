import type { LongTaskProgress } from '../../shared/longTask.ts';

export interface LongTaskOptions {
  onProgress?: ((progress: LongTaskProgress) => void) | undefined;
  /** Aborting ends the task with the signal's reason; nothing half-done stays. */
  signal?: AbortSignal | undefined;
}

/** Longest turn of work that others wait for, ms: one step more than this, and they would notice. */
const turnMs = 15;
/** The same of a computation, which has nothing to wait for itself, ms. */
const computationMs = 8;

/** Lets other work of the process run. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export interface TurnOptions<Step> {
  /** Surrounds each turn: with a transaction, if they are to be few. */
  wrap?: (turn: () => void) => void;
  /** Told the last step of each turn but the last. */
  onTurn?: (step: Step) => void;
  signal?: AbortSignal | undefined;
  /** Steps are taken until a turn has lasted so long, ms; what `wrap` does counts no part of it. */
  longestMs?: number;
}

/** Takes the steps of a long work to its result, many in a turn, and breathes before each turn. */
export async function takeSteps<Step, Result>(
  steps: Iterator<Step, Result, undefined>,
  { wrap = (turn) => turn(), onTurn, signal, longestMs = turnMs }: TurnOptions<Step> = {},
): Promise<Result> {
  for (;;) {
    await breathe();
    signal?.throwIfAborted();
    const last = takeTurn(steps, wrap, longestMs);
    if (last.done === true) return last.value;
    onTurn?.(last.value);
  }
}

function takeTurn<Step, Result>(
  steps: Iterator<Step, Result, undefined>,
  wrap: (turn: () => void) => void,
  longestMs: number,
): IteratorResult<Step, Result> {
  const taken: { last?: IteratorResult<Step, Result> } = {};
  wrap(() => {
    const until = performance.now() + longestMs;
    do taken.last = steps.next();
    while (taken.last.done !== true && performance.now() < until);
  });
  if (taken.last === undefined) throw new Error('a turn was not taken');
  return taken.last;
}

/**
 * Runs a computation that yields how much of it is done.
 *
 * @param step what it does, in words, and how much there is to do
 */
export const compute = <Result>(
  work: Iterator<number, Result, undefined>,
  { step, total }: { step: string; total: number },
  { onProgress, signal }: LongTaskOptions,
): Promise<Result> =>
  takeSteps(work, {
    longestMs: computationMs,
    signal,
    onTurn: (done) => onProgress?.({ step, done, total }),
  });

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
