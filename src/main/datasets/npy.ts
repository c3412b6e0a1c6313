import { corruptInput } from './source.ts';

/** One array of a NumPy file: its element type as NumPy writes it, and its undecoded elements. */
export interface NpyArray {
  /** Such as `|u1` (unsigned byte) or `<i8` (little-endian 64-bit integer). */
  elementType: string;
  /** Slowest dimension first. */
  shape: number[];
  bytes: Uint8Array;
  /** Stands for the array in errors. */
  name: string;
}

const magic = '\x93NUMPY';
const writeAgain = 'Write the file again with numpy.savez or numpy.savez_compressed.';

/** Splits a file of format version 1, 2 or 3 into the text of its header and its data. */
function splitHeader(bytes: Uint8Array, name: string): { header: string; data: Uint8Array } {
  const text = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (text(0, 6) !== magic || bytes.length < 12) {
    throw corruptInput(`${name} is not a NumPy array.`, writeAgain);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isVersion1 = bytes[6] === 1;
  const start = isVersion1 ? 10 : 12;
  const end = start + (isVersion1 ? view.getUint16(8, true) : view.getUint32(8, true));
  return { header: text(start, end), data: bytes.subarray(end) };
}

/**
 * Parses a NumPy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * Its elements must be plain numbers in C order; CORRUPT_INPUT otherwise.
 */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const { header, data } = splitHeader(bytes, name);
  const elementType = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (order === undefined || sizes === undefined) {
    throw corruptInput(`${name} has a NumPy header that cannot be read.`, writeAgain);
  }
  const itemSize = Number(/^[<>|=]?[biuf](\d+)$/.exec(elementType ?? '')?.[1]);
  if (elementType === undefined || Number.isNaN(itemSize)) {
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
  const length = shape.reduce((product, size) => product * size, itemSize);
  if (data.length !== length) {
    throw corruptInput(
      `${name} has ${data.length} bytes of data where shape (${shape.join(', ')}) takes ${length}.`,
      writeAgain,
    );
  }
  return { elementType, shape, bytes: data, name };
}

function describeElementType(elementType: string | undefined): string {
  if (elementType === undefined) return 'records';
  return elementType.endsWith('O') ? 'Python objects' : `elements of type ${elementType}`;
}

/** Grey images [N, S, S] or [N, S, S, 1] of unsigned bytes. */
export function decodeImages({ elementType, shape, bytes, name }: NpyArray): {
  images: Uint8Array;
  count: number;
  height: number;
  width: number;
} {
  if (!/^[<>|=]?u1$/.test(elementType)) {
    throw corruptInput(
      `${name} holds elements of type ${elementType}; images must be uint8.`,
      'Scale the pixels to 0..255 and convert them with .astype("uint8") before saving.',
    );
  }
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 3 || shape.length > 4 || channels !== 1) {
    throw corruptInput(
      `${name} has shape (${shape.join(', ')}); grey images have (N, S, S) or (N, S, S, 1).`,
      'Convert the images to one grey channel and stack them along the first axis.',
    );
  }
  return { images: bytes, count, height, width };
}

/** Labels [N] or [N, 1] of any integer type, each 0 to 255. */
export function decodeLabels({ elementType, shape, bytes, name }: NpyArray): Uint8Array {
  const [, order = '', kind = '', size = ''] = /^([<>|=]?)([biuf])(\d+)$/.exec(elementType) ?? [];
  if (kind !== 'i' && kind !== 'u') {
    throw corruptInput(
      `${name} holds elements of type ${elementType}; labels must be integers.`,
      'Convert the labels with .astype("int64") before saving.',
    );
  }
  const [count = 0, columns = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || columns !== 1) {
    throw corruptInput(
      `${name} has shape (${shape.join(', ')}); labels have (N,) or (N, 1).`,
      'Give one class per image.',
    );
  }
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
