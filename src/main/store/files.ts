import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf, toOutputError } from '../platform/errors.ts';
import { privateFileMode } from '../platform/folders.ts';
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

/** What SQLite puts beside a database in use. */
export const sideSuffixes = ['-journal', '-wal', '-shm'];
export const sideFiles = (path: string): string[] =>
  sideSuffixes.map((suffix) => `${path}${suffix}`);

/** Removes a database in the making and what SQLite may have left beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const file of [path, ...sideFiles(path)]) await rm(file, { force: true });
}

/** Makes an empty file that nobody else may read. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', privateFileMode));
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
