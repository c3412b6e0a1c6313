import { AfterimageError } from '../../core/errors.ts';
import type { ExplanationOutcome, ExplanationsRequest } from '../../core/explainers/explanation.ts';
import { ThreadQueue } from '../platform/threadQueue.ts';

type Worker = ThreadQueue<ExplanationsRequest, ExplanationOutcome[]>;

/**
 * Threads that explain, apart from each other so that a map that takes a moment does not wait for one
 * that takes minutes. What is quick is done to its end even where its caller has gone, and the thread
 * stays warm; what is slow is left, and its thread with it.
 */
export interface ExplanationWorkers {
  quick: Worker;
  slow: Worker;
}

const startQueue = (isLeft: boolean): Worker =>
  new ThreadQueue({
    entry: new URL('../learning/explanationsThread.ts', import.meta.url),
    data: null,
    isLeft: () => isLeft,
    explainLoss: (reason) =>
      new AfterimageError(
        'INTERNAL',
        `The explanation was not finished: ${reason}.`,
        'Try again; fewer samples or segments need less memory.',
      ),
  });

export const createExplanationWorkers = (): ExplanationWorkers => ({
  quick: startQueue(false),
  slow: startQueue(true),
});
