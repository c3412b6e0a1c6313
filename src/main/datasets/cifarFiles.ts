import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { AfterimageError } from '../../core/errors.ts';
import { ByteStream } from '../platform/byteStream.ts';
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

/** A tar archive is made of blocks of so many bytes. */
const blockBytes = 512;

/** What a header says of the file behind it (POSIX.1-1988, ustar); null at the end of the archive. */
function parseHeader(block: Uint8Array): { name: string; bytes: number; isFile: boolean } | null {
  const text = (from: number, to: number): string =>
    Buffer.from(block.subarray(from, to)).toString('latin1').replace(/\0.*$/s, '');
  const name = text(0, 100);
  if (name === '') return null;
  const bytes = Number.parseInt(text(124, 136).trim() || '0', 8);
  if (!Number.isInteger(bytes) || bytes < 0) throw new RangeError(`size of ${name}`);
  const kind = block[156];
  return { name: basename(name), bytes, isFile: kind === 0 || kind === 0x30 };
}

/** Takes a file and what fills its last block; of one that is not wanted nothing is kept. */
async function takeEntry(
  content: ByteStream,
  bytes: number,
  isWanted: boolean,
): Promise<Uint8Array> {
  const whole = Math.ceil(bytes / blockBytes) * blockBytes;
  const taken = await content.take(isWanted ? whole : 0);
  for (let left = isWanted ? 0 : whole; left > 0; left -= mostBytes) {
    await content.take(Math.min(left, mostBytes));
  }
  if (isWanted && taken.length < whole) throw new RangeError('the archive ends before');
  return taken.subarray(0, bytes);
}

async function takeFiles(content: ByteStream): Promise<CifarFiles> {
  const files = new Map<string, Uint8Array>();
  for (;;) {
    const block = await content.take(blockBytes);
    if (block.length < blockBytes) throw new RangeError('the archive has no end');
    const header = parseHeader(block);
    if (header === null) return files;
    const { name, bytes, isFile } = header;
    const isWanted = isFile && wanted.has(name) && bytes <= mostBytes;
    const file = await takeEntry(content, bytes, isWanted);
    if (isWanted) files.set(name, file);
  }
}

/** Takes the set's files out of an archive, in memory; others are passed over. */
async function readArchive(path: string): Promise<CifarFiles> {
  await findSourceSize(path);
  // What goes wrong is thrown where the stream is read.
  const unpacked = pipeline(createReadStream(path), createGunzip(), () => undefined);
  const content = new ByteStream(unpacked);
  try {
    return await takeFiles(content);
  } catch (error) {
    throw codeOf(error).startsWith('E') ? toReadError(error, path) : damaged(path, error);
  } finally {
    await content.close();
  }
}

/** The set's files in a folder, or in an archive as it is published. */
export const readCifarFiles = (path: string): Promise<CifarFiles> =>
  /\.(tar\.gz|tgz)$/i.test(path) ? readArchive(path) : readFolder(path);
