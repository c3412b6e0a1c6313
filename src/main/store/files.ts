import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf, toStoreError } from './database/errors.ts';

/** A name beside `path` for a file in the making. */
export const temporaryBeside = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`);

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

async function syncPath(path: string, flags: string): Promise<void> {
  await using file = await open(path, flags);
  await file.sync();
}

/** Makes the finished file appear under its name, in the place of an older one, for good. */
export async function publish(temporary: string, path: string): Promise<void> {
  await syncPath(temporary, 'r+');
  await rename(temporary, path);
  try {
    await syncPath(dirname(path), 'r');
  } catch {
    // Not every system can sync a folder; the file is there all the same.
  }
}

/** Removes a database in the making and what SQLite may have left beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(path + suffix, { force: true });
}

/** The first bytes of a file; null if there is no such file. */
export function readBeginning(path: string, length: number): Uint8Array | null {
  let descriptor;
  try {
    descriptor = openSync(path, 'r');
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw toStoreError(error, path);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
