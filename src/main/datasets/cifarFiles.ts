import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { AfterimageError } from '../../core/errors.ts';
import { codeOf, toReadError } from '../platform/errors.ts';
import { findSourceSize, listFolder, loadSourceFile } from '../platform/files.ts';
import { corruptInput } from './source.ts';

/** Files of the set by their names. */
export type CifarFiles = ReadonlyMap<string, Uint8Array>;

/** The longest of them, a batch as a pickle, has 31,035,999 bytes. */
const mostBytes = 2 ** 25;

const numbers = [1, 2, 3, 4, 5];
/** The two versions of the set, by their names of batches and of the file with classes' names. */
export const cifarVersions = {
  binary: {
    train: numbers.map((number) => `data_batch_${number}.bin`),
    test: 'test_batch.bin',
    names: 'batches.meta.txt',
  },
  python: {
    train: numbers.map((number) => `data_batch_${number}`),
    test: 'test_batch',
    names: 'batches.meta',
  },
} as const;

const wanted = new Set<string>(
  Object.values(cifarVersions).flatMap(({ train, test, names }) => [...train, test, names]),
);

/** Folders that the archives unpack to. */
const innerFolders = ['cifar-10-batches-bin', 'cifar-10-batches-py'];

async function readFolder(folder: string): Promise<CifarFiles> {
  const entries = await listFolder(folder);
  const inner = entries.find(({ name, isFolder }) => isFolder && innerFolders.includes(name));
  if (inner !== undefined) return readFolder(join(folder, inner.name));
  const files = new Map<string, Uint8Array>();
  for (const { name, isFolder } of entries) {
    if (isFolder || !wanted.has(name)) continue;
    files.set(name, await loadSourceFile(join(folder, name), mostBytes));
  }
  return files;
}

const damaged = (path: string, cause?: unknown): AfterimageError =>
  corruptInput(
    `${path} is no whole .tar.gz archive.`,
    'Download or copy the file again, or unpack it and name the folder.',
    cause,
  );

/** Takes the set's files out of an archive, in memory; others are passed over. */
async function readArchive(path: string): Promise<CifarFiles> {
  await findSourceSize(path);
  const archive = extract();
  const unpacked = pipeline(createReadStream(path), createGunzip(), archive, () => undefined);
  const files = new Map<string, Uint8Array>();
  try {
    for await (const entry of archive) {
      const name = basename(entry.header.name);
      const size = entry.header.size;
      if (entry.header.type !== 'file' || !wanted.has(name) || size > mostBytes) {
        entry.resume();
        continue;
      }
      const parts: Uint8Array[] = [];
      for await (const part of entry as AsyncIterable<Uint8Array>) parts.push(part);
      files.set(name, Buffer.concat(parts));
    }
  } catch (error) {
    throw codeOf(error).startsWith('E') ? toReadError(error, path) : damaged(path, error);
  } finally {
    unpacked.destroy();
  }
  return files;
}

/** The set's files in a folder, or in an archive as it is published. */
export const readCifarFiles = (path: string): Promise<CifarFiles> =>
  /\.(tar\.gz|tgz)$/i.test(path) ? readArchive(path) : readFolder(path);
