import { AfterimageError } from '../../core/errors.ts';
import type { ConceptsRequest } from '../../core/explainers/concepts.ts';
import type { ExplanationOutcome, ExplanationsRequest } from '../../core/explainers/explanation.ts';
import { ThreadQueue } from '../platform/threadQueue.ts';

/**
 * Threads that explain, apart from each other so that a map that takes a moment does not wait for one
 * that takes minutes. What is quick is done to its end even where its caller has gone, and the thread
 * stays warm; what is slow is left, and its thread with it.
 */
export interface ExplanationWorkers {
  quick: ThreadQueue<ExplanationsRequest, ExplanationOutcome[]>;
  slow: ThreadQueue<ExplanationsRequest, ExplanationOutcome[]>;
  /** Relevance of channels, [N, K]: slow, and for pages of its own. */
  channels: ThreadQueue<ConceptsRequest, Float32Array>;
}

const startQueue = <Request, Result>(isLeft: boolean): ThreadQueue<Request, Result> =>
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
  channels: startQueue(true),
});
