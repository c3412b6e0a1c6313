import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import type { EngineManifest } from '../../shared/nativeEngine.ts';

/** The `code` of a file-system error; empty for any other error. */
export function errnoOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof code === 'string' ? code : '';
}

/** There is no space left at `path`. */
export function diskFull(path: string, cause?: unknown): AfterimageError {
  return new AfterimageError(
    'DISK_FULL',
    `There is no space left to write ${path}.`,
    'Free some space (an engine takes 1 GB, with CUDA 8 GB), or choose another data folder with --data-dir.',
    cause,
  );
}

/** Turns an error of writing below `path` into DISK_FULL or READ_ONLY. */
export function toWriteError(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
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

/** Size in bytes; null where there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    const info = await stat(path);
    return info.isFile() ? info.size : null;
  } catch {
    return null;
  }
}

/** SHA-256 of a file of any size, hex; `onBytes` is told the length of each chunk read. */
export async function computeSha256(
  path: string,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    digest.update(chunk as Buffer);
    onBytes?.((chunk as Buffer).length);
  }
  return digest.digest('hex');
}

/** Writes JSON that is there in full or not at all, whenever the machine stops. */
export async function saveJson(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await using file = await open(temporary, 'wx');
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, path);
}

/** Size and SHA-256 of every file below a folder, by path relative to it, in order of the paths. */
export async function describeFiles(
  folder: string,
  options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<EngineManifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: EngineManifest['files'] = {};
  for (const path of paths) {
    const sha256 = await computeSha256(path, options);
    const { size } = await stat(path);
    files[relative(folder, path).split(sep).join('/')] = { bytes: size, sha256 };
  }
  return files;
}
