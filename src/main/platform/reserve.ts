import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateFileMode } from './folders.ts';
import { nameUnfinished } from './unfinished.ts';

/** What it takes to open a history and to remove runs from it, with a few times as much to spare. */
const reserveBytes = 2 * 2 ** 20;
/** It is kept where so many times as much is free. */
const plenty = 4;

const pathIn = (folder: string): string => join(folder, 'reserve');

const isKept = (folder: string): boolean =>
  statSync(pathIn(folder), { throwIfNoEntry: false })?.size === reserveBytes;

/** Random bytes, which no file system can store in less room. */
function write(folder: string): void {
  const unfinished = nameUnfinished(folder);
  try {
    writeFileSync(unfinished, randomBytes(reserveBytes), { flag: 'wx', mode: privateFileMode });
    renameSync(unfinished, pathIn(folder));
  } catch {
    // Without a reserve everything works but a full disk.
    rmSync(unfinished, { force: true });
  }
}

/** Keeps some space of a folder's disk back, for the day when it is full. */
export function keepReserve(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (!isKept(folder) && bavail * bsize >= plenty * reserveBytes) write(folder);
}

/** Frees that space. @returns whether there was any */
export function giveBackReserve(folder: string): boolean {
  if (!isKept(folder)) return false;
  rmSync(pathIn(folder), { force: true });
  return true;
}

/** Takes the space again that was given back, if nobody took it meanwhile. */
export function restoreReserve(folder: string): void {
  if (!isKept(folder)) write(folder);
}
