import { createHash, hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';

/** SHA-256 in hex. */
export function computeSha256(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

/** Checksum of a file of any size, in hex. */
export async function computeFileChecksum(
  path: string,
  algorithm: 'sha256' | 'md5',
  signal?: AbortSignal,
): Promise<string> {
  const digest = createHash(algorithm);
  for await (const chunk of createReadStream(path)) {
    signal?.throwIfAborted();
    digest.update(chunk as Buffer);
  }
  return digest.digest('hex');
}

/** The `code` of a file-system error; empty for any other error. */
export function errnoOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof code === 'string' ? code : '';
}

/** Turns an error of reading what the user named into one that says what to do. */
export function toReadError(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AfterimageError('NOT_FOUND', `There is no ${path}.`, 'Check the path.', error);
    case 'EISDIR':
      return new AfterimageError(
        'INVALID_ARGUMENT',
        `${path} is a folder where a file is expected.`,
        'Name the file itself, or choose the format of the folder.',
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new AfterimageError(
        'INVALID_ARGUMENT',
        `${path} may not be read by this user.`,
        'Change its permissions, or copy it to a place of your own.',
        error,
      );
    case 'ERR_FS_FILE_TOO_LARGE':
      return new AfterimageError(
        'INVALID_ARGUMENT',
        `${path} is larger than 2 GiB.`,
        'Import fewer or smaller images.',
        error,
      );
    default:
      return error;
  }
}

/** Turns an error of writing into the data folder into READ_ONLY or DISK_FULL. */
export function toWriteError(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AfterimageError(
        'DISK_FULL',
        `There is no space left to write ${path}.`,
        'Free some space, or choose another data folder with --data-dir.',
        error,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return new AfterimageError(
        'READ_ONLY',
        `${path} cannot be written.`,
        'Change the permissions of its folder, or choose another data folder with --data-dir.',
        error,
      );
    default:
      return error;
  }
}

/** Reads a file that the user named. */
export async function loadSourceFile(path: string): Promise<Uint8Array> {
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
    throw errnoOf(error) === 'ENOTDIR' ? notAFolder(path, error) : toReadError(error, path);
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

/** Makes a rename survive a power cut; some file systems cannot open folders, which is no loss. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL'].includes(errnoOf(error))) throw error;
  }
}

/**
 * Writes a file that is either there in full or not at all, whenever the process or the machine
 * stops. Throws READ_ONLY or DISK_FULL.
 */
export async function saveFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    try {
      await using file = await open(temporary, 'wx');
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw toWriteError(error, path);
  }
}

const temporaryLifetimeMs = 3_600_000;

/** Removes what writers that were killed left behind; a younger file may still be written to. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
    for (const path of names.map((name) => join(folder, name))) {
      const { mtimeMs } = await stat(path);
      if (Date.now() - mtimeMs > temporaryLifetimeMs) await rm(path, { force: true });
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw toWriteError(error, folder);
  }
}
