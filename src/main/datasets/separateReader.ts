import { AfterimageError } from '../../core/errors.ts';
import { runInProcess } from '../platform/taskProcess.ts';
import type { SourceReader } from './sourceReader.ts';

const entry = new URL('./readerProcess.ts', import.meta.url);

/** What `readerProcess` is to do: a method of `SourceReader`, and its first argument. */
export type ReaderTask = {
  [Method in keyof SourceReader]: { method: Method; argument: Parameters<SourceReader[Method]>[0] };
}[keyof SourceReader];

/** What the system ends for lack of memory, and what ends itself for it. */
const memorySignals = ['signal SIGKILL', 'signal SIGABRT', 'exit code 134'];

const explainLoss = (end: string): AfterimageError =>
  new AfterimageError(
    memorySignals.includes(end) ? 'OUT_OF_MEMORY' : 'INTERNAL',
    `The data set could not be read: the process that read it ended with ${end}.`,
    'Import fewer or smaller images if memory is short; else check that the files are whole.',
  );

const start = <Result>(
  task: ReaderTask,
  options: Parameters<SourceReader['preview']>[1],
): Promise<Result> => runInProcess(entry, task, { ...options, explainLoss });

/**
 * In a process of its own: files come from anywhere, and what they do to a decoder or to memory is
 * that process's end and one error here.
 */
export const separateReader: SourceReader = {
  preview: (argument, options) => start({ method: 'preview', argument }, options),
  prepare: (argument, options) => start({ method: 'prepare', argument }, options),
};
