export interface LongTaskOptions {
  /** `total` is null while it is not known. */
  onProgress?: (progress: { step: string; done: number; total: number | null }) => void;
  /** Aborting it ends the task between two steps; nothing half-done stays. */
  signal?: AbortSignal;
}

/** Longest stretch of work without a breath, ms: one step more than this, and others would notice. */
const stretchMs = 15;

/** Lets other work of the process run. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/**
 * Takes the steps of a long work, as many at a time as fit into a stretch, and breathes before each.
 * `wrap` surrounds each stretch: with a transaction, if they are to be few. It counts to the turn, but
 * not to the stretch of `longestMs`.
 */
export async function takeSteps(
  steps: Iterator<unknown>,
  wrap: (stretch: () => void) => void = (stretch) => {
    stretch();
  },
  signal?: AbortSignal,
  longestMs = stretchMs,
): Promise<void> {
  for (let done = false; !done;) {
    await breathe();
    signal?.throwIfAborted();
    wrap(() => {
      const until = performance.now() + longestMs;
      do done = steps.next().done === true;
      while (!done && performance.now() < until);
    });
  }
}
