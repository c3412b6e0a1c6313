/** The process of `separateReader`. */
import { answerRequest } from '../platform/taskProcess.ts';
import type { Report } from '../platform/threads.ts';
import type { ReaderTask } from './separateReader.ts';
import { sourceReader } from './sourceReader.ts';

answerRequest((task: ReaderTask, onProgress: Report): Promise<unknown> =>
  task.method === 'preview'
    ? sourceReader.preview(task.argument, { onProgress })
    : sourceReader.prepare(task.argument, { onProgress }),
);
