import { stat } from 'node:fs/promises';
import { codeOf } from '../platform/errors.ts';
import { computeFileChecksum } from '../platform/hashes.ts';

/** What may be wrong with a stored file. */
export type FileProblem = 'missing' | 'changed' | 'unreadable';

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** Compares a stored file with the SHA-256, in hex, that it is known by. */
export async function findFileProblem(
  path: string,
  id: string,
  signal?: AbortSignal,
): Promise<FileProblem | null> {
  try {
    return (await computeFileChecksum(path, 'sha256', { signal })) === id ? null : 'changed';
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return isMissing(error) ? 'missing' : 'unreadable';
  }
}

/** The state of a file that changes when it is written, without reading it; null if it is missing. */
async function readStamp(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return null;
  }
}

/** Reads each file once in the life of a process, and again where it was written since. */
export class CheckedFiles {
  readonly #stamps = new Map<string, string>();

  /** As `findFileProblem`. */
  async findProblem(path: string, id: string): Promise<FileProblem | null> {
    const stamp = await readStamp(path);
    if (stamp !== null && this.#stamps.get(path) === stamp) return null;
    const problem = await findFileProblem(path, id);
    if (problem === null && stamp !== null) this.#stamps.set(path, stamp);
    return problem;
  }
}
