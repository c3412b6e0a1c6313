import type { ByteStream } from '../platform/byteStream.ts';
import type { AfterimageError } from '../../core/errors.ts';
import { takeImages, type ImageArray, type TakenImages } from './imageArrays.ts';
import type { ImageChoices } from './imageChoices.ts';
import { makeMask } from './masks.ts';
import { corruptInput } from './source.ts';

/** What one array of a NumPy file is, before any of its elements is read. */
export interface NpyHeader {
  /** Such as `|u1` (unsigned byte) or `<i8` (little-endian 64-bit integer). */
  elementType: string;
  /** Slowest dimension first. */
  shape: number[];
  /** Of all elements together. */
  byteLength: number;
  /** Stands for the array in errors. */
  name: string;
}

/** An array with its undecoded elements. */
export interface NpyArray extends NpyHeader {
  bytes: Uint8Array;
}

const magic = '\x93NUMPY';
const writeAgain = 'Write the file again with numpy.savez or numpy.savez_compressed.';
/** NumPy's own take some hundred bytes. */
const longestHeader = 2 ** 16;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Takes the header of format version 1, 2 or 3, as text. */
async function takeHeaderText(content: ByteStream, name: string): Promise<string> {
  const beginning = await content.take(10);
  if (latin1(beginning.subarray(0, 6)) !== magic || beginning.length < 10) {
    throw corruptInput(`${name} is not a NumPy array.`, writeAgain);
  }
  const isVersion1 = beginning[6] === 1;
  const sizes = isVersion1 ? [] : [...(await content.take(2))];
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = [...beginning.subarray(8), ...sizes];
  const length = b0 + 256 * (b1 + 256 * (b2 + 256 * b3));
  if (length > longestHeader) {
    throw corruptInput(`${name} has a NumPy header of ${length} bytes.`, writeAgain);
  }
  return latin1(await content.take(length));
}

/** Sizes in bytes that NumPy's plain numbers have. */
const itemSizes: Readonly<Record<string, number>> = { 1: 1, 2: 2, 4: 4, 8: 8, 16: 16 };

/**
 * Takes the header of a NumPy file
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). The elements that follow
 * must be plain numbers in C order; CORRUPT_INPUT otherwise.
 */
export async function takeNpyHeader(content: ByteStream, name: string): Promise<NpyHeader> {
  const header = await takeHeaderText(content, name);
  const elementType = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (order === undefined || sizes === undefined) {
    throw corruptInput(`${name} has a NumPy header that cannot be read.`, writeAgain);
  }
  const itemSize = itemSizes[/^[<>|=]?[biuf](\d+)$/.exec(elementType ?? '')?.[1] ?? ''];
  if (elementType === undefined || itemSize === undefined) {
    throw corruptInput(
      `${name} holds ${describeElementType(elementType)}, not plain numbers.`,
      'Convert images to uint8 and labels to an integer type before saving.',
    );
  }
  if (order === 'True') {
    throw corruptInput(
      `${name} is stored in Fortran order.`,
      'Pass the array through numpy.ascontiguousarray before saving.',
    );
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const byteLength = shape.reduce((product, size) => product * size, itemSize);
  return { elementType, shape, byteLength, name };
}

const refuseLength = (
  { name, shape, byteLength }: NpyHeader,
  fit: 'short' | 'long',
  found: number,
): AfterimageError =>
  corruptInput(
    `${name} has ${fit === 'long' ? 'more' : found} bytes of data where shape (${shape.join(', ')}) takes ${byteLength}.`,
    writeAgain,
  );

/** Takes a whole NumPy file: as many elements as its header announces, and not a byte more. */
export async function takeNpy(content: ByteStream, name: string): Promise<NpyArray> {
  const header = await takeNpyHeader(content, name);
  const { bytes, fit } = await content.takeRest(header.byteLength);
  if (fit === 'whole') return { ...header, bytes };
  throw refuseLength(header, fit, bytes.length);
}

/** Takes a whole NumPy file of images, each as it is to be stored. */
export async function takeNpyImages(
  content: ByteStream,
  name: string,
  choices: ImageChoices,
): Promise<TakenImages> {
  const header = await takeNpyHeader(content, name);
  const taken = await takeImages(content, measureImages(header), choices);
  if (taken.fit === 'whole') return taken;
  throw refuseLength(header, taken.fit, taken.found);
}

function describeElementType(elementType: string | undefined): string {
  if (elementType === undefined) return 'records';
  return elementType.endsWith('O') ? 'Python objects' : `elements of type ${elementType}`;
}

const channelNames: Readonly<Record<number, string>> = {
  2: 'grey and alpha',
  4: 'an alpha channel',
};

/** CORRUPT_INPUT that says what is wrong with the axes of images. */
function refuseShape({ shape, name }: NpyHeader): AfterimageError {
  const [, first, , last = 1] = shape;
  const found = `${name} has shape (${shape.join(', ')})`;
  const wanted = 'images have (N, S, S), (N, S, S, 1) or (N, S, S, 3)';
  if (shape.length === 4 && (first === 1 || first === 3)) {
    return corruptInput(
      `${found}, with its channels first; ${wanted}.`,
      'Pass the array through numpy.moveaxis(x, 1, -1) before saving.',
    );
  }
  const alpha = shape.length === 4 ? channelNames[last] : undefined;
  return corruptInput(
    `${found}${alpha === undefined ? '' : `, with ${alpha}`}; ${wanted}.`,
    alpha === undefined
      ? 'Stack images of one or three channels along the first axis.'
      : 'Leave the alpha channel out before saving: x[..., :3] or x[..., :1].',
  );
}

/** Sizes of images [N, S, S], [N, S, S, 1] or [N, S, S, 3] of unsigned bytes; CORRUPT_INPUT for others. */
export function measureImages(header: NpyHeader): ImageArray {
  const { elementType, shape, name } = header;
  if (!/^[<>|=]?u1$/.test(elementType)) {
    throw corruptInput(
      `${name} holds elements of type ${elementType}; images must be uint8.`,
      'Scale the pixels to 0..255 and convert them with .astype("uint8") before saving.',
    );
  }
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const isImages = shape.length === 3 || shape.length === 4;
  if (!isImages || (channels !== 1 && channels !== 3)) throw refuseShape(header);
  return { count, height, width, channels };
}

/**
 * Count and size of masks [N, H, W] or [N, H, W, 1] of booleans or unsigned bytes; CORRUPT_INPUT for others.
 */
export function measureMasks({ elementType, shape, name }: NpyHeader): ImageArray {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const isMasks = (shape.length === 3 || shape.length === 4) && channels === 1;
  if (isMasks && /^[<>|=]?[bu]1$/.test(elementType)) return { count, height, width, channels };
  throw corruptInput(
    `${name} has elements of type ${elementType} and shape (${shape.join(', ')}); masks are bool or uint8 of (N, S, S).`,
    'Save masks as (x > 0).astype("uint8"), one for each image.',
  );
}

/** Takes a whole NumPy file of masks, each as it is stored with images of `size` x `size` pixels. */
export async function takeNpyMasks(
  content: ByteStream,
  name: string,
  size: number,
): Promise<Uint8Array> {
  const header = await takeNpyHeader(content, name);
  const array = measureMasks(header);
  const [length, stored] = [array.width * array.height, size ** 2];
  const masks = new Uint8Array(array.count * stored);
  for (let i = 0; i < array.count; i += 1) {
    const levels = await content.take(length);
    if (levels.length < length) throw refuseLength(header, 'short', i * length + levels.length);
    masks.set(makeMask(levels, array, size), i * stored);
  }
  if (await content.isAtEnd()) return masks;
  throw refuseLength(header, 'long', header.byteLength);
}

/** How many labels [N] or [N, 1] of any integer type there are; CORRUPT_INPUT for any other. */
export function countLabels({ elementType, shape, name }: NpyHeader): number {
  if (!/^[<>|=]?[iu][1248]$/.test(elementType)) {
    throw corruptInput(
      `${name} holds elements of type ${elementType}; labels must be integers.`,
      'Convert the labels with .astype("int64") before saving.',
    );
  }
  const [count = 0, columns = 1] = shape;
  if (shape.length === 2 && columns > 1) {
    throw corruptInput(
      `${name} has shape (${shape.join(', ')}): ${columns} labels per image. Sets of several labels are not trained on; labels have (N,) or (N, 1).`,
      'Give one class per image, such as one of the labels: y[:, 0].',
    );
  }
  if (shape.length < 1 || shape.length > 2 || columns !== 1) {
    throw corruptInput(
      `${name} has shape (${shape.join(', ')}); labels have (N,) or (N, 1).`,
      'Give one class per image.',
    );
  }
  return count;
}

/** Labels of any integer type, each 0 to 255. */
export function decodeLabels(labels: NpyArray): Uint8Array {
  const { elementType, bytes, name } = labels;
  const count = countLabels(labels);
  const [, order = '', kind = '', size = ''] = /^([<>|=]?)([iu])(\d)$/.exec(elementType) ?? [];
  const read = integerReader(bytes, Number(size), kind === 'i', order !== '>');
  return Uint8Array.from({ length: count }, (_, index) => {
    const label = read(index);
    if (label >= 0 && label <= 255) return label;
    throw corruptInput(
      `${name} has label ${label} at ${index}; labels are 0 to 255.`,
      'Number the classes from 0.',
    );
  });
}

function integerReader(
  bytes: Uint8Array,
  size: number,
  isSigned: boolean,
  isLittleEndian: boolean,
): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sign = isSigned ? 'Int' : 'Uint';
  switch (size) {
    case 1:
      return (index) => view[`get${sign}8`](index);
    case 2:
      return (index) => view[`get${sign}16`](index * 2, isLittleEndian);
    case 4:
      return (index) => view[`get${sign}32`](index * 4, isLittleEndian);
    default:
      return (index) => Number(view[`getBig${sign}64`](index * 8, isLittleEndian));
  }
}
