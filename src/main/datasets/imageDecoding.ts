import sharp, { type Metadata, type Sharp } from 'sharp';
import { AfterimageError } from '../../core/errors.ts';
import { luminanceOf, type Channels } from '../../core/pixels.ts';
import { loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import { decodeDicom, isDicom } from './dicom.ts';
import {
  applyChoices,
  makeLevels,
  type ImageChoices,
  type Levels,
  type RawImage,
} from './imageChoices.ts';
import type { ImageFile } from './imageListing.ts';
import { corruptInput } from './source.ts';

/** What a file may have beside its pixels: colour profiles, a camera's notes and small views. */
const mostExtraBytes = 2 ** 24;
/** No image needs more: 16 bits of red, green, blue and transparency. */
const mostBytesPerPixel = 8;

/** An image as it is to be stored, but for levels of 16 bits where the file has them. */
export interface DecodedImage extends RawImage {
  file: ImageFile;
  /** Before it was scaled, upright, pixels. */
  original: { width: number; height: number };
  /** Of a file of 16 bits that says how many of them count. */
  significantBits: number | null;
  /** What was done to it, in words that a count can stand before. */
  remarks: readonly string[];
  /** SHA-256 of the file, hex. */
  checksum: string;
}

const undecodable = ({ path }: ImageFile, cause?: unknown): AfterimageError =>
  corruptInput(`${path} cannot be decoded.`, 'Replace or remove the image.', cause);

/** First bytes of PNG, JPEG and TIFF (little and big endian). */
const magics = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0xff, 0xd8, 0xff],
  [0x49, 0x49, 0x2a, 0],
  [0x4d, 0x4d, 0, 0x2a],
];

/** By its first bytes, whatever it is called: decoders of other formats are not asked. */
const isImageFile = (bytes: Uint8Array): boolean =>
  magics.some((magic) => magic.every((byte, k) => bytes[k] === byte));

/** What a PNG's sBIT chunk says of its first channel; null without one. It stands before the pixels. */
function readSignificantBits(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 9 < bytes.length;) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'sBIT') return view.getUint8(at + 8);
    if (type === 'IDAT') return null;
    at += 12 + view.getUint32(at);
  }
  return null;
}

/**
 * Samples of 1 to 4 values a pixel, grey or red, green, blue, with alpha after them, as levels of grey or
 * colour; what is transparent becomes black.
 */
function toLevels(samples: Levels, given: number, channels: Channels): Levels {
  const largest = 256 ** samples.BYTES_PER_ELEMENT - 1;
  const hasColour = given > 2;
  const hasAlpha = given % 2 === 0;
  const at = (index: number): number => samples[index] ?? 0;
  return makeLevels(samples, (samples.length / given) * channels, (index) => {
    const first = Math.floor(index / channels) * given;
    const colour = hasColour ? at(first + (index % channels)) : at(first);
    const isGrey = hasColour && channels === 1;
    const level = isGrey ? luminanceOf(at(first), at(first + 1), at(first + 2)) : colour;
    return Math.round(hasAlpha ? (level * at(first + given - 1)) / largest : level);
  });
}

/**
 * Inks that come without a profile, as light: what is printed in full black is 0. A guessed profile
 * would make it dark grey.
 */
function fromInks(inks: Uint8Array): Levels {
  return makeLevels(inks, (inks.length / 4) * 3, (index) => {
    const first = Math.floor(index / 3) * 4;
    const ink = inks[first + (index % 3)] ?? 0;
    return Math.round(((255 - ink) * (255 - (inks[first + 3] ?? 0))) / 255);
  });
}

/** Samples as a decoder gives them, upright. */
interface Samples {
  samples: Levels;
  width: number;
  height: number;
  /** Values per pixel, with alpha. */
  given: number;
}

async function readSamples(image: Sharp, { space, hasProfile, depth }: Metadata): Promise<Samples> {
  const upright = image.autoOrient();
  if (space === 'cmyk' && !hasProfile) {
    const inks = await upright
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { samples: fromInks(inks.data), ...inks.info, given: 3 };
  }
  const isDeep = depth === 'ushort';
  const { data, info } = await upright
    .toColourspace(isDeep ? 'rgb16' : 'srgb')
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  // A copy begins where 16-bit values may.
  const bytes = Uint8Array.from(data);
  const samples = isDeep ? new Uint16Array(bytes.buffer) : bytes;
  return { samples, ...info, given: info.channels };
}

/** CORRUPT_INPUT for what decodes, but not to one image of 8 or 16 bits. */
function checkKind({ path }: ImageFile, { pages = 1, depth }: Metadata): void {
  if (pages > 1) {
    throw corruptInput(
      `${path} holds ${pages} pages; one image per file is read.`,
      'Write each page as a file.',
    );
  }
  if (depth === 'uchar' || depth === 'ushort') return;
  throw corruptInput(
    `${path} holds values of type ${depth}; whole numbers of 8 or 16 bits are read.`,
    'Scale the values to 16 bits and write the image again.',
  );
}

type Accept = (width: number, height: number) => void;
type Decoded = Pick<DecodedImage, 'significantBits' | 'remarks'> & RawImage;

async function decodePicture(
  file: ImageFile,
  bytes: Uint8Array,
  { largest, channels }: DecodeOptions,
  accept: Accept,
): Promise<Decoded> {
  // Of any size, as this reads no more than the header.
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  checkKind(file, metadata);
  accept(metadata.width, metadata.height);
  const { samples, width, height, given } = await readSamples(
    sharp(bytes, { limitInputPixels: largest }),
    metadata,
  );
  const isGrey = metadata.space === 'b-w' || metadata.space === 'grey16';
  const target = channels ?? (isGrey ? 1 : 3);
  const isDeep = samples instanceof Uint16Array;
  return {
    levels: toLevels(samples, given, target),
    ...{ width, height, channels: target },
    significantBits: isDeep ? readSignificantBits(bytes) : null,
    remarks: given % 2 === 0 ? ['images had transparency, of which black was made'] : [],
  };
}

export interface DecodeOptions extends ImageChoices {
  /** Most pixels of a file. */
  largest: number;
}

/**
 * Decodes an image, upright as the camera noted, as it is to be stored. `accept` is asked before any
 * pixel is decoded, and throws where the image does not fit.
 */
export async function decodeFile(
  file: ImageFile,
  options: DecodeOptions,
  accept: (file: ImageFile, width: number, height: number) => void,
): Promise<DecodedImage> {
  const { path } = file;
  const bytes = await loadSourceFile(path, options.largest * mostBytesPerPixel + mostExtraBytes);
  if (!isImageFile(bytes) && !isDicom(bytes)) throw undecodable(file);
  try {
    const ask: Accept = (width, height) => {
      accept(file, width, height);
    };
    const decoded: Decoded = isDicom(bytes)
      ? { ...(await decodeDicom(bytes, path, ask)), significantBits: null }
      : await decodePicture(file, bytes, options, ask);
    const { significantBits, remarks, width, height } = decoded;
    const original = { width, height };
    const image = await applyChoices(decoded, options);
    return { ...image, file, original, significantBits, remarks, checksum: computeSha256(bytes) };
  } catch (error) {
    if (error instanceof AfterimageError) throw error;
    throw undecodable(file, error);
  }
}
