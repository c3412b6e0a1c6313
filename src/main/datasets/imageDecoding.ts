import sharp, { type Metadata, type Sharp } from 'sharp';
import { AfterimageError } from '../../core/errors.ts';
import { loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { ImageFile } from './imageListing.ts';
import { corruptInput } from './source.ts';

/** What a file may have beside its pixels: colour profiles, a camera's notes and small views. */
const mostExtraBytes = 2 ** 24;
/** No PNG or JPEG needs more: 16 bits of red, green, blue and transparency. */
const mostBytesPerPixel = 8;

export interface DecodedImage {
  file: ImageFile;
  /** Luminance, row by row: of 8 bits, or 16 where the file has them. */
  pixels: Uint8Array | Uint16Array;
  /** Of a file of 16 bits that says how many of them count. */
  significantBits: number | null;
  /** SHA-256 of the file, hex. */
  checksum: string;
}

const undecodable = ({ path }: ImageFile, cause?: unknown): AfterimageError =>
  corruptInput(`${path} cannot be decoded.`, 'Replace or remove the image.', cause);

/** By its first bytes, whatever it is called: decoders of other formats are not asked. */
function isImageFile(bytes: Uint8Array): boolean {
  const begins = (...magic: number[]): boolean => magic.every((byte, k) => bytes[k] === byte);
  return begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) || begins(0xff, 0xd8, 0xff);
}

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

/** Luminance of Rec. 601, as other tools have it. */
const computeLuminance = (red: number, green: number, blue: number): number =>
  (299 * red + 587 * green + 114 * blue) / 1000;

type Pixels = Uint8Array | Uint16Array;

/**
 * Samples of 1 to 4 channels, grey or red, green, blue, with alpha after them, as luminance; what is
 * transparent becomes black.
 */
function toLuminance(samples: Pixels, channels: number): Pixels {
  const largest = 256 ** samples.BYTES_PER_ELEMENT - 1;
  const hasColour = channels > 2;
  const hasAlpha = channels % 2 === 0;
  const at = (index: number): number => samples[index] ?? 0;
  const levelOf = (_: number, index: number): number => {
    const first = index * channels;
    const grey = hasColour ? computeLuminance(at(first), at(first + 1), at(first + 2)) : at(first);
    return Math.round(hasAlpha ? (grey * at(first + channels - 1)) / largest : grey);
  };
  const count = { length: samples.length / channels };
  return samples instanceof Uint8Array
    ? Uint8Array.from(count, levelOf)
    : Uint16Array.from(count, levelOf);
}

/**
 * Inks that come without a profile, as light: what is printed in full black is 0. A guessed profile
 * would make it dark grey.
 */
function fromInks(inks: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (inks.length / 4) * 3 }, (_, index) => {
    const first = Math.floor(index / 3) * 4;
    const ink = inks[first + (index % 3)] ?? 0;
    return Math.round(((255 - ink) * (255 - (inks[first + 3] ?? 0))) / 255);
  });
}

async function decodePixels(image: Sharp, { space, hasProfile, depth }: Metadata): Promise<Pixels> {
  const upright = image.autoOrient();
  if (space === 'cmyk' && !hasProfile) {
    return toLuminance(
      fromInks(await upright.pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer()),
      3,
    );
  }
  const isDeep = depth === 'ushort';
  const { data, info } = await upright
    .toColourspace(isDeep ? 'rgb16' : 'srgb')
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  // A copy begins where 16-bit values may.
  const bytes = Uint8Array.from(data);
  return toLuminance(isDeep ? new Uint16Array(bytes.buffer) : bytes, info.channels);
}

/**
 * Decodes to grey, upright as the camera noted. `accept` is asked before any pixel is decoded, and
 * throws where the image does not fit.
 *
 * @param largest most pixels
 */
export async function decodeFile(
  file: ImageFile,
  largest: number,
  accept: (file: ImageFile, width: number, height: number) => void,
): Promise<DecodedImage> {
  const bytes = await loadSourceFile(file.path, largest * mostBytesPerPixel + mostExtraBytes);
  if (!isImageFile(bytes)) throw undecodable(file);
  try {
    // Of any size, as this reads no more than the header.
    const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
    accept(file, metadata.width, metadata.height);
    const pixels = await decodePixels(sharp(bytes, { limitInputPixels: largest }), metadata);
    const significantBits = pixels instanceof Uint16Array ? readSignificantBits(bytes) : null;
    return { file, pixels, significantBits, checksum: computeSha256(bytes) };
  } catch (error) {
    if (error instanceof AfterimageError) throw error;
    throw undecodable(file, error);
  }
}
