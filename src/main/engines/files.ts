import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { AfterimageError } from '../../core/errors.ts';
import type { EngineManifest } from '../../shared/nativeEngine.ts';
import * as platform from '../platform/errors.ts';
import { saveFile } from '../platform/files.ts';
import { makeFolder } from '../platform/folders.ts';
import { computeFileChecksum, type ChecksumOptions } from '../platform/hashes.ts';

const advice: platform.WriteAdvice = {
  ...platform.dataFolderAdvice,
  space:
    'Free some space (an engine takes 1 GB, with CUDA 8 GB), or choose another data folder with --data-dir.',
};

/** There is no space left at `path` for an engine. */
export const diskFull = (path: string): AfterimageError => platform.diskFull(path, advice.space);

/** Turns an error of writing below `path` into DISK_FULL or READ_ONLY. */
export const toWriteError = (error: unknown, path: string): unknown =>
  platform.toWriteError(error, path, advice);

/** Writes JSON that is there in full or not at all, whenever the machine stops. */
export async function saveJson(path: string, value: unknown): Promise<void> {
  makeFolder(dirname(path));
  await saveFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Size and SHA-256 of every file below a folder, by path relative to it, in order of the paths. */
export async function describeFiles(
  folder: string,
  options: ChecksumOptions = {},
): Promise<EngineManifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: EngineManifest['files'] = {};
  for (const path of paths) {
    const sha256 = await computeFileChecksum(path, 'sha256', options);
    const { size } = await stat(path);
    files[relative(folder, path).split(sep).join('/')] = { bytes: size, sha256 };
  }
  return files;
}
