import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import {
  access,
  chmod,
  constants,
  copyFile,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf, toOutputError, toReadError, toWriteError } from './errors.ts';
import { makeFolder, privateFileMode, privateFolderMode } from './folders.ts';
import { nameUnfinished, removeAbandoned } from './unfinished.ts';

/**
 * The size in bytes of a file that the user named, which can be read. INVALID_ARGUMENT for what is no
 * file but a pipe or a device: those may have no end.
 */
export async function findSourceSize(path: string): Promise<number> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (!stats.isFile()) throw notAFile(path);
    await access(path, constants.R_OK);
    return stats.size;
  } catch (error) {
    throw toReadError(error, path);
  }
}

function notAFile(path: string): AfterimageError {
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `${path} is a pipe or a device, not a file.`,
    'Write what comes from it to a file, and name that.',
  );
}

/** Reads a file that the user named, of at most `mostBytes`; INVALID_ARGUMENT if it is longer. */
export async function loadSourceFile(path: string, mostBytes: number): Promise<Uint8Array> {
  const size = await findSourceSize(path);
  if (size > mostBytes) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${path} has ${size} bytes; at most ${mostBytes} are read.`,
      'Check that it is the file that was meant.',
    );
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw toReadError(error, path);
  }
}

export interface FolderEntry {
  name: string;
  /** Whether it is a folder, or a link to one. */
  isFolder: boolean;
}

/** Entries of a folder that the user named, without hidden ones, in the order of their names. */
export async function listFolder(path: string): Promise<FolderEntry[]> {
  try {
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    const entry = async (name: string): Promise<FolderEntry> => {
      // A link that leads nowhere is no folder; reading it will say so.
      const stats = await stat(join(path, name)).catch(() => null);
      return { name, isFolder: stats?.isDirectory() ?? false };
    };
    return await Promise.all(names.map(entry));
  } catch (error) {
    throw codeOf(error) === 'ENOTDIR' ? notAFolder(path, error) : toReadError(error, path);
  }
}

function notAFolder(path: string, cause: unknown): AfterimageError {
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `${path} is not a folder.`,
    'Name the folder that holds the files, or choose the format of the file.',
    cause,
  );
}

/** Size in bytes; null where there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    const info = await stat(path);
    return info.isFile() ? info.size : null;
  } catch {
    return null;
  }
}

/** The end of a text file, of so many bytes at most; empty where there is none that can be read. */
export async function readTail(path: string, mostBytes: number): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const length = Math.min(size, mostBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } catch {
    return '';
  }
}

async function syncPath(path: string, flags: string): Promise<void> {
  await using file = await open(path, flags);
  await file.sync();
}

/** Gives what is finished its name, for good: a file, or a folder whose files are on the disk. */
export async function moveIntoPlace(unfinished: string, path: string): Promise<void> {
  await rename(unfinished, path);
  try {
    await syncPath(dirname(path), 'r');
  } catch {
    // Not every system can sync a folder; the file is there all the same.
  }
}

/** Makes a finished file appear under its name, in the place of an older one. */
export async function publish(unfinished: string, path: string): Promise<void> {
  await syncPath(unfinished, 'r+');
  await moveIntoPlace(unfinished, path);
}

/** Makes a copy of a file appear in another folder, whole, in the place of an older one; made if it is not there. */
export async function publishCopy(source: string, path: string): Promise<void> {
  makeFolder(dirname(path), privateFolderMode);
  await removeAbandoned(dirname(path));
  const unfinished = nameUnfinished(dirname(path));
  try {
    await copyFile(source, unfinished, constants.COPYFILE_EXCL);
    await publish(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw toWriteError(error, path);
  }
}

function syncAtOnce(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a finished file appear under its name, unless another process was faster with another one. */
export function publishNew(unfinished: string, path: string): void {
  syncAtOnce(unfinished);
  try {
    linkSync(unfinished, path);
  } catch (error) {
    // Not every file system knows links.
    if (codeOf(error) !== 'EEXIST') renameSync(unfinished, path);
  }
}

/** Gives a file another name, out of the way of one that shall have its own. */
export const moveAside = (path: string, aside: string): void => {
  renameSync(path, aside);
};

/**
 * Writes a file that is there in full or not at all, whenever the process or the machine stops; an
 * older one stays until then. Throws the system's errors, and leaves nothing behind with them.
 *
 * @param mode permissions of the new file; by default those that new files get
 */
export async function saveFile(
  path: string,
  content: Uint8Array | string,
  mode?: number,
): Promise<void> {
  const unfinished = nameUnfinished(dirname(path));
  try {
    await writeFile(unfinished, content, { flag: 'wx', mode });
    if (mode !== undefined) await chmod(unfinished, mode);
    await publish(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** The same before it returns, for a process that is about to end. */
export function saveFileAtOnce(path: string, content: string): void {
  replaceAtOnce(path, (unfinished) => {
    writeFileSync(unfinished, content, { flag: 'wx' });
    syncAtOnce(unfinished);
  });
}

/**
 * Writes what is of no use after a while and that nobody misses, for other processes of this user: it
 * appears whole, but no disk is waited for.
 */
export function postFile(path: string, content: string): void {
  makeFolder(dirname(path), privateFolderMode);
  replaceAtOnce(path, (unfinished) => {
    writeFileSync(unfinished, content, { flag: 'wx', mode: privateFileMode });
  });
}

function replaceAtOnce(path: string, write: (unfinished: string) => void): void {
  const unfinished = nameUnfinished(dirname(path));
  try {
    write(unfinished);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/**
 * Makes a folder appear with all that `make` puts into it, in the place of an older one, which stays
 * where `make` fails. What earlier makers left beside it goes.
 */
export async function replaceFolder(
  path: string,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  makeFolder(dirname(path));
  await removeAbandoned(dirname(path));
  const unfinished = nameUnfinished(dirname(path));
  try {
    await make(unfinished);
    await rm(path, { recursive: true, force: true });
    await moveIntoPlace(unfinished, path);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * Writes what shall become a file of the data folder, and the folder that it lies in. Errors, READ_ONLY
 * and DISK_FULL, name that: nobody chose the name of what is in the making.
 */
export async function writeUnfinished(unfinished: string, content: Uint8Array): Promise<void> {
  try {
    makeFolder(dirname(unfinished), privateFolderMode);
    await writeFile(unfinished, content, { flag: 'wx', mode: privateFileMode });
  } catch (error) {
    throw toWriteError(error, dirname(unfinished));
  }
}

/** Makes it the file `path` of the same folder. READ_ONLY, DISK_FULL. */
export async function publishDataFile(unfinished: string, path: string): Promise<void> {
  try {
    await publish(unfinished, path);
  } catch (error) {
    throw toWriteError(error, path);
  }
}

/** Makes the folder that files of the user's shall go to. Throws as `saveOutput` does. */
export function makeOutputFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw toOutputError(error, folder);
  }
}

/** Where a path leads, be there a file yet or not: who writes there leaves links as they are. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    const link = await readlink(path).catch(() => null);
    return link === null ? path : followLinks(resolve(dirname(path), link));
  }
}

/** What a path leads to; null where there is nothing yet. */
async function findStats(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** How a SQLite database begins, and a log of one. */
const databaseBeginnings = ['SQLite format 3\0', '\x37\x7f\x06\x82', '\x37\x7f\x06\x83'];

/** CONFLICT for a database: nobody means to lose one, least of all the history, to a figure or weights. */
async function checkNoDatabase(path: string): Promise<void> {
  // What may not be read, but written, is judged by nobody.
  await using file = await open(path, 'r').catch(() => null);
  if (file === null) return;
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(16), position: 0 });
  const beginning = buffer.toString('latin1', 0, bytesRead);
  if (!databaseBeginnings.some((known) => beginning.startsWith(known))) return;
  throw new AfterimageError(
    'CONFLICT',
    `${path} is there already and is a database.`,
    'Choose another name.',
  );
}

/**
 * Writes a file that the user named, see `saveFile`; what earlier writers left beside it goes. A link
 * stays and leads to the new content, whose permissions are the old file's; a pipe or a device is
 * written to. INVALID_ARGUMENT where there can be no such file, CONFLICT where a database is,
 * READ_ONLY, DISK_FULL.
 */
export async function saveOutput(path: string, content: Uint8Array | string): Promise<void> {
  try {
    const old = await findStats(path);
    if (old?.isFile() === false) {
      await writeFile(path, content);
      return;
    }
    // Replacing takes no permission to write, but who has protected a file wants to keep it.
    if (old !== null) {
      await access(path, constants.W_OK);
      await checkNoDatabase(path);
    }
    const target = await followLinks(path);
    await removeAbandoned(dirname(target));
    await saveFile(target, content, old === null ? undefined : old.mode & 0o777);
  } catch (error) {
    throw toOutputError(error, path);
  }
}
