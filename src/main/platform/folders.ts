import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './errors.ts';

/** Of folders and files of the data folder: what lies in them is nobody else's. */
export const privateFolderMode = 0o700;
export const privateFileMode = 0o600;

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Makes a folder and those above it. Throws the system's error where there can be none: Node's own
 * `recursive` goes round for ever below /proc and shares that are gone.
 *
 * @param mode permissions of the folders that are made
 */
export function makeFolder(path: string, mode = 0o777): void {
  const whole = resolve(path);
  if (findFolder(whole)) return;
  const above = dirname(whole);
  if (above !== whole) makeFolder(above, mode);
  try {
    mkdirSync(whole, { mode });
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST' || !isFolder(whole)) throw error;
  }
}

/** As `isFolder`; below a file there is none, which making it will say. */
function findFolder(path: string): boolean {
  try {
    return isFolder(path);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}
