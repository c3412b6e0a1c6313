import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AfterimageError } from '../../core/errors.ts';
import { listFolder, loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { corruptInput, joinNumberedSplits } from './source.ts';
import type { LabelledImages, SourceContent } from './source.ts';

const copyAgain = 'Download or copy the file again.';

/** Bytes of an IDX file of unsigned bytes, and the size of each dimension, slowest first. */
interface IdxArray {
  dimensions: number[];
  values: Uint8Array;
}

interface IdxFile {
  name: string;
  bytes: Uint8Array;
}

async function decompress(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (error) {
    throw corruptInput(`${name} is cut short or damaged: gzip cannot unpack it.`, copyAgain, error);
  }
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/**
 * Parses an IDX file (http://yann.lecun.com/exdb/mnist): big-endian, two zero bytes, element type
 * (8 = unsigned byte), rank, one 32-bit size per dimension, then the values. `name` is for errors.
 */
export function parseIdx(bytes: Uint8Array, rank: 1 | 3, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = 0x0800 + rank;
  const headerLength = 4 + 4 * rank;
  const found = bytes.length < 4 ? null : view.getUint32(0);
  if (found !== null && found !== magic) {
    throw corruptInput(
      `${name} begins with ${hex(found)}, but IDX ${rank === 3 ? 'images' : 'labels'} of unsigned bytes with ${hex(magic)}.`,
      'Give the file that its name promises; images and labels may be swapped.',
    );
  }
  if (bytes.length < headerLength) {
    throw corruptInput(`${name} is cut short: it has ${bytes.length} bytes.`, copyAgain);
  }
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = dimensions.reduce((product, size) => product * size, 1);
  const actual = bytes.length - headerLength;
  if (actual !== length) {
    const fault = actual < length ? 'is cut short' : 'is too long';
    throw corruptInput(
      `${name} ${fault}: ${actual} bytes follow its header, which announces ${dimensions.join(' x ')}.`,
      copyAgain,
    );
  }
  return { dimensions, values: bytes.subarray(headerLength) };
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

async function findFile(
  folder: string,
  split: 'train' | 'test',
  part: 'images' | 'labels',
): Promise<string> {
  const present = new Set((await listFolder(folder)).map(({ name }) => name));
  const candidates = listCandidates(split, part);
  const found = candidates.find((name) => present.has(name));
  if (found !== undefined) return found;
  throw new AfterimageError(
    'NOT_FOUND',
    `${folder} has no ${candidates[0]}, plain or as .gz.`,
    `Put the four files ${idxFileNames.join(', ')} into one folder and name that folder.`,
  );
}

function toSplit(imagesFile: IdxFile, labelsFile: IdxFile): LabelledImages {
  const images = parseIdx(imagesFile.bytes, 3, imagesFile.name);
  const labels = parseIdx(labelsFile.bytes, 1, labelsFile.name);
  const [count = 0, height = 0, width = 0] = images.dimensions;
  return {
    images: images.values,
    labels: labels.values,
    count,
    height,
    width,
    imagesName: imagesFile.name,
    labelsName: labelsFile.name,
  };
}

/** Reads the four IDX files of a folder, plain or gzip, under the names MNIST made usual. */
export async function loadIdx(
  folder: string,
  { onProgress, signal }: LongTaskOptions = {},
): Promise<SourceContent> {
  const sourceChecksums: Record<string, string> = {};
  const loadPart = async (split: 'train' | 'test', part: 'images' | 'labels'): Promise<IdxFile> => {
    signal?.throwIfAborted();
    const item = await findFile(folder, split, part);
    const name = join(folder, item);
    const packed = await loadSourceFile(name);
    sourceChecksums[item] = computeSha256(packed);
    const bytes = await decompress(packed, name);
    const done = Object.keys(sourceChecksums).length;
    onProgress?.({ step: `reading ${item}`, done, total: idxFileNames.length });
    return { name, bytes };
  };
  const loadSplit = async (split: 'train' | 'test'): Promise<LabelledImages> =>
    toSplit(await loadPart(split, 'images'), await loadPart(split, 'labels'));
  const train = await loadSplit('train');
  const test = await loadSplit('test');
  const joined = joinNumberedSplits(train, test, folder);
  return { ...joined, source: `IDX files in ${folder}`, sourceChecksums };
}
