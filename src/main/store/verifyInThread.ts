import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AfterimageError, type ErrorCode } from '../../shared/errors.ts';
import type { LongTaskOptions } from './longTask.ts';

export interface VerifiedFile {
  path: string;
  /** What errors call it. */
  name: string;
  appVersion: string;
  /** The inside of a bundle, not a history with its log. */
  isSingleFile: boolean;
}

type Progress = Parameters<NonNullable<LongTaskOptions['onProgress']>>[0];
export type VerifyMessage =
  | { type: 'progress'; progress: Progress }
  | { type: 'done'; problems: string[] }
  | { type: 'failed'; code: ErrorCode; message: string; remedy: string };

const entry = new URL('./verifyThread.ts', import.meta.url);

/**
 * See verifyHistory. On a thread and a connection of its own: SQLite checks a table in one call,
 * which for a history of gigabytes takes longer than a process may keep silent.
 */
export async function verifyInThread(
  file: VerifiedFile,
  { onProgress, signal }: LongTaskOptions = {},
): Promise<string[]> {
  signal?.throwIfAborted();
  const thread = new Worker(entry, { workerData: file });
  try {
    const until = signal ? { signal, close: ['exit'] } : { close: ['exit'] };
    // Throws what the thread did not catch, and when the call is aborted.
    for await (const [message] of on(thread, 'message', until) as AsyncIterable<[VerifyMessage]>) {
      if (message.type === 'done') return message.problems;
      if (message.type === 'failed') {
        throw new AfterimageError(message.code, message.message, message.remedy);
      }
      onProgress?.(message.progress);
    }
    throw new Error('The thread that verified the history ended without a word.');
  } finally {
    await thread.terminate();
  }
}
