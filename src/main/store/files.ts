import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf, toOutputError } from '../platform/errors.ts';
import { toStoreError } from './database/errors.ts';

/** NOT_FOUND if the folder that a file shall be written to is not there. */
export function checkFolder(path: string): void {
  const folder = dirname(path);
  if (existsSync(folder)) return;
  throw new AfterimageError(
    'NOT_FOUND',
    `There is no folder ${folder}.`,
    'Make it first, or choose another path.',
  );
}

/** Removes a database in the making and what SQLite may have left beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(path + suffix, { force: true });
}

/** The first bytes of a file that shall be replaced; null if there is no such file. */
export function readBeginning(path: string, length: number): Uint8Array | null {
  let descriptor;
  try {
    descriptor = openSync(path, 'r');
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw toOutputError(toStoreError(error, path), path);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
