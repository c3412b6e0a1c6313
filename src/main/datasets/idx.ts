import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AfterimageError } from '../../core/errors.ts';
import { ByteStream } from '../platform/byteStream.ts';
import { codeOf, toReadError } from '../platform/errors.ts';
import { findSourceSize, listFolder } from '../platform/files.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { nameIdxClasses } from './idxClasses.ts';
import { takeImages, type ImageArray } from './imageArrays.ts';
import { asTheyAre, storedBytes, type ImageChoices } from './imageChoices.ts';
import { Allowance, checkImages, corruptInput, joinNumberedSplits } from './source.ts';
import type { LabelledImages, SourceContent } from './source.ts';

const copyAgain = 'Download or copy the file again.';

/** Unsigned bytes of an IDX file: images, or labels as images of one pixel. */
interface IdxFile extends ImageArray {
  values: Uint8Array;
  name: string;
}

/** What may be taken of all files together, and what becomes of their images. */
interface Taking {
  allowance: Allowance;
  choices: ImageChoices;
}

/** Bytes read or unpacked in one piece. */
const pieceBytes = 2 ** 20;

async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

/** The content of a file, unpacked if it is gzip, as it is asked for. */
async function openContent(path: string): Promise<ByteStream> {
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  if (!(await isGzip(path))) return new ByteStream(file);
  // What goes wrong is thrown where the stream is read.
  return new ByteStream(pipeline(file, createGunzip({ chunkSize: pieceBytes }), () => undefined));
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

function parseHeader(bytes: Uint8Array, rank: 1 | 3, name: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = 0x0800 + rank;
  const found = bytes.length < 4 ? null : view.getUint32(0);
  if (found !== null && found !== magic) {
    throw corruptInput(
      `${name} begins with ${hex(found)}, but IDX ${rank === 3 ? 'images' : 'labels'} of unsigned bytes with ${hex(magic)}.`,
      'Give the file that its name promises; images and labels may be swapped.',
    );
  }
  if (bytes.length < headerLength(rank)) {
    throw corruptInput(`${name} is cut short: it has ${bytes.length} bytes.`, copyAgain);
  }
  return Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
}

const headerLength = (rank: 1 | 3): number => 4 + 4 * rank;

/**
 * Reads an IDX file (http://yann.lecun.com/exdb/mnist): big-endian, two zero bytes, element type
 * (8 = unsigned byte), rank, one 32-bit size per dimension, then the values: as many as the header
 * announces, and not a byte more; of images as they are to be stored. `name` is for errors.
 */
async function readIdx(
  content: ByteStream,
  rank: 1 | 3,
  name: string,
  taking: Taking,
): Promise<IdxFile> {
  const dimensions = parseHeader(await content.take(headerLength(rank)), rank, name);
  const [count = 0, height = 1, width = 1] = dimensions;
  const array = { count, height, width, channels: 1 } as const;
  const choices = rank === 3 ? taking.choices : asTheyAre;
  if (rank === 3) checkImages(array, name, choices);
  taking.allowance.take(count * storedBytes(array, choices));
  const { images: values, fit, found, ...taken } = await takeImages(content, array, choices);
  if (fit !== 'whole') {
    const fault = fit === 'long' ? 'is too long' : 'is cut short';
    const actual = fit === 'long' ? `more than ${found}` : found;
    throw corruptInput(
      `${name} ${fault}: ${actual} bytes follow its header, which announces ${dimensions.join(' x ')}.`,
      copyAgain,
    );
  }
  return { ...taken, values, name };
}

function toIdxError(error: unknown, path: string): unknown {
  if (!codeOf(error).startsWith('Z_')) return toReadError(error, path);
  return corruptInput(`${path} is cut short or damaged: gzip cannot unpack it.`, copyAgain, error);
}

async function loadIdxFile(path: string, rank: 1 | 3, taking: Taking): Promise<IdxFile> {
  await findSourceSize(path);
  try {
    const content = await openContent(path);
    try {
      return await readIdx(content, rank, path, taking);
    } finally {
      await content.close();
    }
  } catch (error) {
    throw toIdxError(error, path);
  }
}

const splitPrefixes = { train: ['train'], test: ['t10k', 'test'] } as const;

/** File names in use for one part, the usual one first. */
function listCandidates(split: 'train' | 'test', part: 'images' | 'labels'): string[] {
  const suffix = part === 'images' ? 'idx3-ubyte' : 'idx1-ubyte';
  return splitPrefixes[split].flatMap((prefix) =>
    [`${prefix}-${part}-${suffix}`, `${prefix}-${part}.${suffix}`].flatMap((name) => [
      name,
      `${name}.gz`,
    ]),
  );
}

/** Names of the four files as MNIST is published, without `.gz`. */
export const idxFileNames = (['train', 'test'] as const).flatMap((split) =>
  (['images', 'labels'] as const).map((part) => listCandidates(split, part)[0] ?? ''),
);

/** `emnist-letters-train-images-idx3-ubyte` and its like. */
const emnistName = /^emnist-([a-z]+)-(train|test)-(images-idx3|labels-idx1)-ubyte(\.gz)?$/;

/** What a folder's files are called, and whether their images lie on their sides. */
interface Naming {
  candidates: (split: 'train' | 'test', part: 'images' | 'labels') => string[];
  isTransposed: boolean;
}

const mnistNaming: Naming = { candidates: listCandidates, isTransposed: false };

/** EMNIST's files, whose images have rows and columns exchanged. */
const emnistNaming = (variant: string): Naming => ({
  candidates: (split, part) => {
    const name = `emnist-${variant}-${split}-${part}-${part === 'images' ? 'idx3' : 'idx1'}-ubyte`;
    return [name, `${name}.gz`];
  },
  isTransposed: true,
});

/** EMNIST comes as six sets of which the archive holds all: one must be chosen. */
function chooseNaming(folder: string, names: ReadonlySet<string>): Naming {
  if (listCandidates('train', 'images').some((name) => names.has(name))) return mnistNaming;
  const variants = new Set([...names].flatMap((name) => emnistName.exec(name)?.[1] ?? []));
  const [variant, ...others] = variants;
  if (variant === undefined) return mnistNaming;
  if (others.length === 0) return emnistNaming(variant);
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${folder} holds several sets of EMNIST: ${[...variants].join(', ')}.`,
    'Put the four files of one of them into a folder of their own and name that folder.',
  );
}

function findFile(folder: string, names: ReadonlySet<string>, candidates: string[]): string {
  const found = candidates.find((name) => names.has(name));
  if (found !== undefined) return found;
  throw new AfterimageError(
    'NOT_FOUND',
    `${folder} has no ${candidates[0]}, plain or as .gz.`,
    `Put the four files ${idxFileNames.join(', ')} into one folder and name that folder.`,
  );
}

/** Exchanges rows and columns of square images [N, S, S] in place. */
function transpose({ images, width, height, count }: LabelledImages): void {
  if (width !== height) return;
  for (let i = 0; i < count; i += 1) {
    const image = images.subarray(i * width ** 2, (i + 1) * width ** 2);
    for (let y = 0; y < width; y += 1) {
      for (let x = 0; x < y; x += 1) {
        const [one, other] = [y * width + x, x * width + y];
        [image[one], image[other]] = [image[other] ?? 0, image[one] ?? 0];
      }
    }
  }
}

function toSplit(images: IdxFile, labels: IdxFile): LabelledImages {
  const { values, name, ...array } = images;
  const names = { imagesName: name, labelsName: labels.name };
  return { ...array, ...names, images: values, labels: labels.values };
}

/** Reads the four IDX files of a folder, plain or gzip, under the names of MNIST or of EMNIST. */
export async function loadIdx(
  folder: string,
  { onProgress, signal }: LongTaskOptions = {},
  choices = asTheyAre,
): Promise<SourceContent> {
  const sourceChecksums: Record<string, string> = {};
  const taking = { allowance: new Allowance(folder), choices };
  const names = new Set((await listFolder(folder)).map(({ name }) => name));
  const { candidates, isTransposed } = chooseNaming(folder, names);
  const loadPart = async (split: 'train' | 'test', part: 'images' | 'labels'): Promise<IdxFile> => {
    signal?.throwIfAborted();
    const item = findFile(folder, names, candidates(split, part));
    const path = join(folder, item);
    const file = await loadIdxFile(path, part === 'images' ? 3 : 1, taking);
    sourceChecksums[item] = await computeFileChecksum(path, 'sha256', { signal });
    const done = Object.keys(sourceChecksums).length;
    onProgress?.({ step: `reading ${item}`, done, total: idxFileNames.length });
    return file;
  };
  const loadSplit = async (split: 'train' | 'test'): Promise<LabelledImages> =>
    toSplit(await loadPart(split, 'images'), await loadPart(split, 'labels'));
  const train = await loadSplit('train');
  const test = await loadSplit('test');
  if (isTransposed) for (const split of [train, test]) transpose(split);
  const { notes, ...joined } = joinNumberedSplits(train, test, folder);
  return nameIdxClasses(
    {
      ...joined,
      source: `IDX files in ${folder}`,
      notes: isTransposed ? [...notes, 'rows and columns were exchanged, as EMNIST asks'] : notes,
      sourceChecksums,
    },
    folder,
    names,
  );
}
