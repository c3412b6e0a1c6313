import sharp from 'sharp';
import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { listImages } from './imageListing.ts';
import type { ImageFile } from './imageListing.ts';
import { checkStorable, corruptInput } from './source.ts';
import type { SourceContent } from './source.ts';

/** Images decoded at once; sharp runs them on the thread pool. */
const batchSize = 32;

interface DecodedImage {
  file: ImageFile;
  pixels: Uint8Array;
  width: number;
  height: number;
  /** SHA-256 of the file, hex. */
  checksum: string;
}

/** Decodes to 8-bit grey; what is transparent becomes black. */
async function decodeFile(file: ImageFile): Promise<DecodedImage> {
  const bytes = await loadSourceFile(file.path);
  try {
    const { data, info } = await sharp(bytes)
      .flatten({ background: '#000' })
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { file, pixels: data, width, height, checksum: computeSha256(bytes) };
  } catch (error) {
    throw corruptInput(`${file.path} cannot be decoded.`, 'Replace or remove the image.', error);
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
    for (let start = 0; start < files.length; start += batchSize) {
      this.#options.signal?.throwIfAborted();
      const batch = files.slice(start, start + batchSize);
      const decoded = await Promise.all(batch.map(decodeFile));
      for (const [offset, image] of decoded.entries()) {
        this.#accept(image);
        const { pixels } = image;
        if (images.length === 0) images = new Uint8Array(files.length * pixels.length);
        images.set(pixels, (start + offset) * pixels.length);
      }
    }
    return { images, labels };
  }

  #accept({ file, width, height, checksum }: DecodedImage): void {
    this.#checkSize(width, height, file.path);
    const checksums = this.#checksums.get(file.group) ?? new Map<string, string>();
    this.#checksums.set(file.group, checksums.set(file.name, checksum));
    this.#done += 1;
    const { name: item } = file;
    this.#options.onProgress?.({
      step: `reading ${item}`,
      done: this.#done,
      total: this.#total,
    });
  }

  #checkSize(width: number, height: number, path: string): void {
    if (width !== height) {
      throw corruptInput(
        `${path} has ${width} x ${height} pixels, which is not square.`,
        'Crop or pad the images to squares of one size.',
      );
    }
    if (this.imageSize === 0) {
      checkStorable(this.#total, width, this.#folder);
      this.imageSize = width;
    }
    if (width !== this.imageSize) {
      throw corruptInput(
        `${path} has ${width} x ${height} pixels, but the images before it ${this.imageSize} x ${this.imageSize}.`,
        'Scale the images to one size.',
      );
    }
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
