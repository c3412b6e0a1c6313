import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { findSourceSize } from '../../platform/files.ts';
import { findRefusal, toReadError } from '../../platform/errors.ts';
import { privateFileMode } from '../../platform/folders.ts';
import { toStoreError } from '../database/errors.ts';

/**
 * A bundle is one line that names the format, one line with the SHA-256 of all that follows, and a
 * history in one SQLite file that holds the bundle's runs and nothing else. So what reads, migrates
 * and checks a history does the same for bundles, nothing is parsed twice, size is no matter, and
 * any SQLite tool opens the part after the header.
 */
const formats = { runs: 'afterimage-bundle-1\n', runsAndData: 'afterimage-bundle-2\n' } as const;
/** Version 2 holds data sets besides, which version 1's readers know nothing of. */
export type BundleFormat = keyof typeof formats;
/** How bundles of every version begin. */
export const bundleFamily = 'afterimage-bundle-';
const digestLength = 64;
/** Both formats' names have the same length. */
const nameLength = formats.runs.length;
const headerLength = nameLength + digestLength + 1;
const copyBytes = 4 * 2 ** 20;

export function corruptBundle(path: string, what: string, cause?: unknown): AfterimageError {
  return new AfterimageError(
    'CORRUPT_INPUT',
    `${path} is not a whole Afterimage bundle: ${what}. Nothing was imported.`,
    'Copy or export it again.',
    cause,
  );
}

/** Copies what follows `start` in `from` to the end of `to`; the SHA-256 of it, in hex. */
async function copyAndDigest(
  from: FileHandle,
  start: number,
  to: FileHandle,
  signal: AbortSignal | undefined,
): Promise<string> {
  const digest = createHash('sha256');
  const buffer = new Uint8Array(copyBytes);
  for (let position = start; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await from.read(buffer, 0, copyBytes, position);
    if (bytesRead === 0) return digest.digest('hex');
    const part = buffer.subarray(0, bytesRead);
    digest.update(part);
    await to.writeFile(part);
    position += bytesRead;
  }
}

/** Wraps the database file into a bundle file, which must not exist yet. */
export async function packBundle(
  databasePath: string,
  bundlePath: string,
  format: BundleFormat,
  signal?: AbortSignal,
): Promise<void> {
  await using database = await open(databasePath, 'r');
  await using bundle = await open(bundlePath, 'wx', privateFileMode);
  await bundle.writeFile(' '.repeat(headerLength));
  const digest = await copyAndDigest(database, 0, bundle, signal);
  await bundle.write(`${formats[format]}${digest}\n`, 0);
}

async function openBundle(path: string): Promise<FileHandle> {
  try {
    await findSourceSize(path);
    return await open(path, 'r');
  } catch (error) {
    throw toReadError(error, path);
  }
}

interface Header {
  format: BundleFormat;
  /** SHA-256 of what follows. */
  digest: string;
}

async function readHeader(bundle: FileHandle, path: string): Promise<Header> {
  const buffer = Buffer.alloc(headerLength);
  const { bytesRead } = await bundle.read(buffer, 0, headerLength, 0);
  const header = buffer.toString('latin1', 0, bytesRead);
  const name = header.slice(0, nameLength);
  const format = (['runs', 'runsAndData'] as const).find((each) => formats[each] === name);
  if (format !== undefined && header.length === headerLength) {
    return { format, digest: header.slice(nameLength, nameLength + digestLength) };
  }
  if (header.startsWith(bundleFamily) && format === undefined) {
    throw new AfterimageError(
      'NEWER_VERSION',
      `${path} was exported by a later version of Afterimage.`,
      'Install a later version. Nothing was imported.',
    );
  }
  throw corruptBundle(path, 'it does not begin like one');
}

/**
 * Unwraps the database of a bundle into a new file, if it is what was packed. Errors of reading name
 * the bundle, those of writing the folder of the new file.
 */
export async function unpackBundle(
  bundlePath: string,
  databasePath: string,
  signal?: AbortSignal,
): Promise<BundleFormat> {
  await using bundle = await openBundle(bundlePath);
  try {
    const { format, digest: promised } = await readHeader(bundle, bundlePath);
    await using database = await open(databasePath, 'wx', privateFileMode);
    const digest = await copyAndDigest(bundle, headerLength, database, signal);
    if (digest === promised) return format;
  } catch (error) {
    const isOfWriting = findRefusal(error) !== undefined;
    throw isOfWriting ? toStoreError(error, dirname(databasePath)) : toReadError(error, bundlePath);
  }
  throw corruptBundle(bundlePath, 'its checksum does not fit its content');
}
