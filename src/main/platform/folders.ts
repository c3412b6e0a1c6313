import { mkdirSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './errors.ts';

/** Of folders and files of the data folder: what lies in them is nobody else's. */
export const privateFolderMode = 0o700;
export const privateFileMode = 0o600;

/** What lies at a path; nothing below a file, which making a folder there will say. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether a folder, or a link to one, is there. */
export const isFolder = (path: string): boolean => look(path)?.isDirectory() === true;

/**
 * Makes a folder and those above it. Throws the system's error where there can be none: Node's own
 * `recursive` goes round for ever below /proc and shares that are gone.
 *
 * @param mode permissions of the folders that are made
 */
export function makeFolder(path: string, mode = 0o777): void {
  const whole = resolve(path);
  if (isFolder(whole)) return;
  const above = dirname(whole);
  if (above !== whole && look(above) === undefined) makeFolder(above, mode);
  try {
    mkdirSync(whole, { mode });
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST' || !isFolder(whole)) throw error;
  }
}
