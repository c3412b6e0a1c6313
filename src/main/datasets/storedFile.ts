import { open } from 'node:fs/promises';
import type { DatasetRecord } from '../../core/records.ts';
import { codeOf } from '../platform/errors.ts';
import { computeFileChecksum } from '../platform/hashes.ts';

/** What may be wrong with a stored file. */
export type FileProblem = 'missing' | 'changed';

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** SHA-256 of a stored file in hex; null if it is missing. */
export async function computeStoredChecksum(
  path: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    return await computeFileChecksum(path, 'sha256', { signal });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * A quick check: is the file there, as long as its first eight bytes (the length of its header) and
 * the record's counts say?
 */
export async function findFileProblem(
  path: string,
  { trainCounts, testCounts, imageSize }: DatasetRecord,
): Promise<FileProblem | null> {
  try {
    await using file = await open(path, 'r');
    const { buffer } = await file.read(new Uint8Array(8), 0, 8, 0);
    const headerLength = Number(new DataView(buffer.buffer).getBigUint64(0, true));
    const images = [...trainCounts, ...testCounts].reduce((sum, count) => sum + count, 0);
    const { size } = await file.stat();
    return size === 8 + headerLength + images * (imageSize ** 2 + 1) ? null : 'changed';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
}
