import { readFile, stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { zipFiles } from '../export/zip.ts';
import { saveOutput } from '../platform/files.ts';

/** Bytes of a folder at most: it is packed in memory, and its archive has 32-bit sizes. */
const mostBytes = 2 ** 31;

/**
 * Packs files into one archive, by their paths from the folder that the archive lies in.
 *
 * @throws AfterimageError INVALID_ARGUMENT where they are too large for one
 */
export async function packFolder(files: readonly string[], path: string): Promise<void> {
  const sizes = await Promise.all(files.map((file) => stat(file)));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  if (bytes >= mostBytes) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `These runs take ${(bytes / 1e9).toFixed(1)} GB as files, too much for one archive.`,
      'Choose fewer runs or epochs, or write the folder on the command line.',
    );
  }
  const entries: [string, Uint8Array][] = [];
  for (const file of files) {
    const name = relative(dirname(path), file).split(sep).join('/');
    entries.push([name, await readFile(file)]);
  }
  await saveOutput(path, zipFiles(Object.fromEntries(entries)));
}
