/** The thread of `threadedReader`. */
import { answerTask, type Report } from '../platform/threads.ts';
import { sourceReader } from './sourceReader.ts';
import type { ReaderTask } from './threadedReader.ts';

await answerTask(
  async (task: ReaderTask, onProgress: Report) =>
    task.method === 'preview'
      ? sourceReader.preview(task.argument, { onProgress })
      : sourceReader.prepare(task.argument, { onProgress }),
  (result) => ('bytes' in result ? [result.bytes.buffer as ArrayBuffer] : []),
);
