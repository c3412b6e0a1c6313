import { runInThread } from '../platform/threads.ts';
import type { SourceReader } from './sourceReader.ts';

const entry = new URL('./readerThread.ts', import.meta.url);

/** What `readerThread` is to do: a method of `SourceReader`, and its first argument. */
export type ReaderTask = {
  [Method in keyof SourceReader]: { method: Method; argument: Parameters<SourceReader[Method]>[0] };
}[keyof SourceReader];

const start = <Result>(
  task: ReaderTask,
  options: Parameters<SourceReader['preview']>[1],
): Promise<Result> => runInThread(entry, task, options);

/** In a thread of its own: a set of 70,000 images takes half a second of checksums and sums. */
export const threadedReader: SourceReader = {
  preview: (argument, options) => start({ method: 'preview', argument }, options),
  prepare: (argument, options) => start({ method: 'prepare', argument }, options),
};
