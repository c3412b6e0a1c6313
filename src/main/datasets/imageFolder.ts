import sharp from 'sharp';
import { AfterimageError } from '../../core/errors.ts';
import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { listImages } from './imageListing.ts';
import type { ImageFile } from './imageListing.ts';
import { checkStorable, corruptInput } from './source.ts';
import type { SourceContent } from './source.ts';

/** Images decoded at once; sharp runs them on the thread pool. Of large images fewer are. */
const mostAtOnce = 32;
/** Pixels of an image, and of all that are decoded at once. */
const mostPixels = 2 ** 24;
/** What a file may have beside its pixels: colour profiles, a camera's notes and small views. */
const mostExtraBytes = 2 ** 24;
/** No PNG or JPEG needs more: 16 bits of red, green, blue and transparency. */
const mostBytesPerPixel = 8;

interface DecodedImage {
  file: ImageFile;
  pixels: Uint8Array;
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

/**
 * Decodes to 8-bit grey; what is transparent becomes black. `accept` is asked before any pixel is
 * decoded, and throws where the image does not fit.
 */
async function decodeFile(
  file: ImageFile,
  largest: number,
  accept: (file: ImageFile, width: number, height: number) => void,
): Promise<DecodedImage> {
  const bytes = await loadSourceFile(file.path, largest * mostBytesPerPixel + mostExtraBytes);
  if (!isImageFile(bytes)) throw undecodable(file);
  try {
    // Of any size, as this reads no more than the header.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    accept(file, width, height);
    const pixels = await sharp(bytes, { limitInputPixels: largest })
      .flatten({ background: '#000' })
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer();
    return { file, pixels, checksum: computeSha256(bytes) };
  } catch (error) {
    if (error instanceof AfterimageError) throw error;
    throw undecodable(file, error);
  }
}

/** Decodes files one batch after the other, in order, and keeps what they amount to. */
class ImageReader {
  /** Of the first image; 0 before. */
  imageSize = 0;
  readonly #checksums = new Map<string, Map<string, string>>();
  readonly #total: number;
  readonly #folder: string;
  readonly #options: LongTaskOptions;
  #done = 0;

  constructor(folder: string, total: number, options: LongTaskOptions) {
    this.#folder = folder;
    this.#total = total;
    this.#options = options;
  }

  async readSplit(files: readonly ImageFile[]): Promise<DatasetSplit> {
    const labels = Uint8Array.from(files, ({ label }) => label);
    let images = new Uint8Array();
    for (let start = 0; start < files.length;) {
      this.#options.signal?.throwIfAborted();
      const batch = await this.#readBatch(files.slice(start, start + this.#atOnce()));
      const pixels = this.imageSize ** 2;
      if (start === 0) images = new Uint8Array(files.length * pixels);
      for (const [offset, image] of batch.entries()) {
        images.set(image.pixels, (start + offset) * pixels);
        this.#note(image);
      }
      start += batch.length;
    }
    return { images, labels };
  }

  /** The first image alone, as it says how large they are. */
  #atOnce(): number {
    if (this.imageSize === 0) return 1;
    return Math.min(mostAtOnce, Math.max(1, Math.floor(mostPixels / this.imageSize ** 2)));
  }

  #readBatch(files: readonly ImageFile[]): Promise<DecodedImage[]> {
    const largest = this.imageSize === 0 ? mostPixels : this.imageSize ** 2;
    return Promise.all(
      files.map((file) =>
        decodeFile(file, largest, ({ path }, width, height) => {
          this.#checkSize(width, height, path);
        }),
      ),
    );
  }

  #note({ file, checksum }: DecodedImage): void {
    const checksums = this.#checksums.get(file.group) ?? new Map<string, string>();
    this.#checksums.set(file.group, checksums.set(file.name, checksum));
    this.#done += 1;
    const step = `reading ${file.name}`;
    this.#options.onProgress?.({ step, done: this.#done, total: this.#total });
  }

  #checkSize(width: number, height: number, path: string): void {
    if (width !== height) {
      throw corruptInput(
        `${path} has ${width} x ${height} pixels, which is not square.`,
        'Crop or pad the images to squares of one size.',
      );
    }
    if (this.imageSize === 0) this.#takeSize(width, path);
    if (width !== this.imageSize) {
      throw corruptInput(
        `${path} has ${width} x ${height} pixels, but the images before it ${this.imageSize} x ${this.imageSize}.`,
        'Scale the images to one size.',
      );
    }
  }

  #takeSize(width: number, path: string): void {
    if (width ** 2 > mostPixels) {
      const side = Math.sqrt(mostPixels);
      throw corruptInput(
        `${path} has ${width} x ${width} pixels; at most ${side} x ${side} are read.`,
        'Scale the images to the size that a model shall see.',
      );
    }
    checkStorable(this.#total, width, this.#folder);
    this.imageSize = width;
  }

  /** Per class folder, the checksum of what `LC_ALL=C; sha256sum *` prints for its images. */
  computeChecksums(): Record<string, string> {
    const digest = (files: Map<string, string>): string =>
      computeSha256(
        [...files.keys()]
          .sort()
          .map((name) => `${files.get(name) ?? ''}  ${name}\n`)
          .join(''),
      );
    return Object.fromEntries([...this.#checksums].map(([group, files]) => [group, digest(files)]));
  }
}

/**
 * Reads PNG and JPEG files sorted into class folders: train/CLASS/* and test/CLASS/*, or CLASS/*
 * alone. Class names are the folders' in natural order. Images are square, of one size, and are
 * decoded to 8-bit grey. One checksum per class folder stands for its files.
 */
export async function loadImageFolder(
  folder: string,
  options: LongTaskOptions = {},
): Promise<SourceContent> {
  const { classNames, train, test, notes } = await listImages(folder);
  const reader = new ImageReader(folder, train.length + test.length, options);
  const trainSplit = await reader.readSplit(train);
  const testSplit = await reader.readSplit(test);
  const note = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  return {
    imageSize: reader.imageSize,
    classNames,
    train: trainSplit,
    test: testSplit,
    source: `image folder ${folder}${note}`,
    sourceChecksums: reader.computeChecksums(),
  };
}
