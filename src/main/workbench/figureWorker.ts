import { AfterimageError } from '../../core/errors.ts';
import { ThreadQueue } from '../platform/threadQueue.ts';
import type { FigureJob, FigureResult, FigureThreadData } from './figureJobs.ts';

export type FigureWorker = ThreadQueue<FigureJob, FigureResult>;

/**
 * Makes figures in a thread of its own: a large one takes seconds to draw and encode, and this process
 * answers meanwhile. A burst of edits costs two figures and not all of them: a picture that is begun is
 * drawn to its end, as the next edit needs the thread, while a file, which may take much longer, is left
 * where it is when its caller goes.
 */
export const createFigureWorker = (dataDir: string): FigureWorker =>
  new ThreadQueue({
    entry: new URL('./figureThread.ts', import.meta.url),
    data: { dataDir } satisfies FigureThreadData,
    isLeft: ({ kind }) => kind === 'export',
    explainLoss: (reason) =>
      new AfterimageError(
        'INTERNAL',
        `The figure was not finished: ${reason}.`,
        'Try again; a smaller figure or fewer dpi need less memory.',
      ),
  });
