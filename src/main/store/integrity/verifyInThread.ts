import type { LongTaskOptions } from '../../platform/longTask.ts';
import { runInThread } from '../../platform/threads.ts';

export interface VerifiedFile {
  path: string;
  /** What errors call it. */
  name: string;
  appVersion: string;
  /** A history with its log, one that cannot be written, or the inside of a bundle. */
  kind: 'history' | 'unwritten' | 'single';
}

const entry = new URL('./verifyThread.ts', import.meta.url);

/**
 * See verifyHistory. On a thread and a connection of its own: SQLite checks a table in one call,
 * which for a history of gigabytes takes longer than a process may keep silent.
 */
export const verifyInThread = (
  file: VerifiedFile,
  options: LongTaskOptions = {},
): Promise<string[]> => runInThread(entry, file, options);
