import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { AfterimageError } from '../../../src/core/errors.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';

/** A folder that is gone after the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

export type Files = Record<string, Uint8Array | string>;

/** A folder of such files, gone after the test. */
export async function makeImages(files: Files): Promise<string> {
  const folder = await makeFolder();
  await writeFiles(folder, files);
  return folder;
}

/** The AfterimageError that an action ends with. */
export async function catchError(action: () => unknown): Promise<AfterimageError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof AfterimageError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

/** Checks code and message, and that the error says what to do. */
export async function expectError(
  action: () => unknown,
  code: ErrorCode,
  ...parts: (string | RegExp)[]
): Promise<void> {
  const error = await catchError(action);
  for (const part of parts) {
    const isThere =
      typeof part === 'string' ? error.message.includes(part) : part.test(error.message);
    if (!isThere) throw new Error(`"${error.message}" lacks ${String(part)}`);
  }
  if (error.code !== code) throw new Error(`code ${error.code} instead of ${code}`);
  if (error.remedy.length < 10) throw new Error('no remedy');
}

/** An IDX file of unsigned bytes, byte by byte as the format says. */
export function makeIdx(dimensions: readonly number[], values: Iterable<number>): Uint8Array {
  const header = [0, 0, 8, dimensions.length];
  for (const size of dimensions) {
    header.push((size >>> 24) & 255, (size >>> 16) & 255, (size >>> 8) & 255, size & 255);
  }
  return Uint8Array.from([...header, ...values]);
}

/** Four files of square images: pixel p of image i is 4 * i + p % 4, label i % classes. */
export function makeIdxFiles(
  train: number,
  test: number,
  classes = 2,
  side = 2,
): Record<string, Uint8Array> {
  const area = side ** 2;
  const pixels = (count: number): number[] =>
    Array.from({ length: area * count }, (_, p) => (4 * Math.floor(p / area) + (p % 4)) % 256);
  const labels = (count: number): number[] => Array.from({ length: count }, (_, i) => i % classes);
  return {
    'train-images-idx3-ubyte': makeIdx([train, side, side], pixels(train)),
    'train-labels-idx1-ubyte': makeIdx([train], labels(train)),
    't10k-images-idx3-ubyte': makeIdx([test, side, side], pixels(test)),
    't10k-labels-idx1-ubyte': makeIdx([test], labels(test)),
  };
}

/** A NumPy file, version 1.0, with the header padded to a multiple of 64 as NumPy does. */
export function makeNpy(
  elementType: string,
  shape: readonly number[],
  data: Uint8Array,
  fortranOrder = false,
): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${elementType}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = `${dictionary.padEnd(length - 1)}\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([length & 255, length >> 8]),
    Buffer.from(header, 'latin1'),
    data,
  ]);
}

function makePngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** Bytes per pixel of the PNG colour types grey, red-green-blue, and grey with alpha. */
const pngChannels = { 0: 1, 2: 3, 4: 2 } as const;

/** A PNG of rows that are already filtered, chunk by chunk as the format says. */
function packPng(
  [width, height]: readonly [number, number],
  [depth, colourType]: readonly [number, number],
  rows: readonly number[],
  significantBits: readonly number[] = [],
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    makePngChunk('IHDR', header),
    ...(significantBits.length > 0 ? [makePngChunk('sBIT', Uint8Array.from(significantBits))] : []),
    makePngChunk('IDAT', deflateSync(Uint8Array.from(rows))),
    makePngChunk('IEND', new Uint8Array()),
  ]);
}

/** A PNG with 8 bits per channel. */
export function makePng(
  width: number,
  height: number,
  samples: readonly number[],
  colourType: keyof typeof pngChannels = 0,
): Uint8Array {
  const rowLength = width * pngChannels[colourType];
  const rows = Array.from({ length: height }, (_, row) => [
    0,
    ...samples.slice(row * rowLength, (row + 1) * rowLength),
  ]);
  return packPng([width, height], [8, colourType], rows.flat());
}

/** A 2 x 2 grey PNG of 16 bits, which may say how many of them count. */
export function makeDeepPng(values: readonly number[], significantBits?: number): Uint8Array {
  const bytes = values.flatMap((value) => [value >> 8, value & 255]);
  const rows = [0, ...bytes.slice(0, 4), 0, ...bytes.slice(4)];
  return packPng([2, 2], [16, 0], rows, significantBits === undefined ? [] : [significantBits]);
}

/** A 2 x 2 PNG of one grey, but for its first pixel, which is `mark`. */
export function makeMarkedPng(mark: number, grey = 128): Uint8Array {
  return makePng(2, 2, [mark, grey, grey, grey]);
}

const makeSegment = (marker: number, ...body: number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];

/** Twelve bits of one component's 8 x 8 block: its DC coefficient, then the end of the block. */
function encodeBlock(value: number): string {
  const category = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
  const bits = value < 0 ? value + 2 ** category - 1 : value;
  const suffix = category === 0 ? '' : bits.toString(2).padStart(category, '0');
  return `${category.toString(2).padStart(4, '0')}${suffix}0`;
}

/**
 * An 8 x 8 JPEG of one colour, bit by bit as the format says: baseline, four components of ink, 0 none
 * to 255 full, kept inverted under Adobe's marker as printing programs do.
 */
export function makeCmykJpeg(inks: readonly [number, number, number, number]): Uint8Array {
  const components = [1, 2, 3, 4];
  // A quantiser of 8 makes the DC coefficient the mean itself.
  const bits = inks.map((ink) => encodeBlock(255 - ink - 128)).join('');
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const scan = (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...makeSegment(0xee, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0),
    ...makeSegment(0xdb, 0, ...new Array<number>(64).fill(8)),
    ...makeSegment(0xc0, 8, 0, 8, 0, 8, 4, ...components.flatMap((id) => [id, 0x11, 0])),
    ...makeSegment(0xc4, 0, 0, 0, 0, 9, ...zeros(12), 0, 1, 2, 3, 4, 5, 6, 7, 8),
    ...makeSegment(0xc4, 0x10, 1, ...zeros(15), 0),
    ...makeSegment(0xda, 4, ...components.flatMap((id) => [id, 0]), 0, 63, 0),
    ...scan.flatMap((byte) => (byte === 255 ? [255, 0] : [byte])),
    ...[0xff, 0xd9],
  ]);
}

/** Two classes of images of 2 x 2, each with a mark of its own as its first pixel. */
export const splitFiles: Files = {
  'train/class 10/a.png': makeMarkedPng(1),
  'train/class 2/b.png': makeMarkedPng(2),
  'train/class 2/a.PNG': makeMarkedPng(3),
  'test/class 10/a.png': makeMarkedPng(4),
  'test/class 2/a.png': makeMarkedPng(5),
};

/** First pixel of each image. */
export const marks = (images: Uint8Array, size = 2): number[] =>
  Array.from({ length: images.length / size ** 2 }, (_, i) => images[i * size ** 2] ?? -1);
