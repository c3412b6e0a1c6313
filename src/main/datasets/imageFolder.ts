import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { GreyWindow } from './greyWindow.ts';
import { decodeFile, type DecodedImage } from './imageDecoding.ts';
import { listImages, type ImageFile } from './imageListing.ts';
import { checkStorable, corruptInput } from './source.ts';
import type { SourceContent } from './source.ts';

/** Images decoded at once; sharp runs them on the thread pool. Of large images fewer are. */
const mostAtOnce = 32;
/** Pixels of an image, and of all that are decoded at once. */
const mostPixels = 2 ** 24;

/** Decodes files one batch after the other, in order, and keeps what they amount to. */
class ImageReader {
  /** Of the first image; 0 before. */
  imageSize = 0;
  readonly window = new GreyWindow();
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

  /** Images of 16 bits are black until the window is finished. */
  async readSplit(files: readonly ImageFile[]): Promise<DatasetSplit> {
    const labels = Uint8Array.from(files, ({ label }) => label);
    let images = new Uint8Array();
    for (let start = 0; start < files.length;) {
      this.#options.signal?.throwIfAborted();
      const batch = await this.#readBatch(files.slice(start, start + this.#atOnce()));
      const pixels = this.imageSize ** 2;
      if (start === 0) images = new Uint8Array(files.length * pixels);
      for (const [offset, image] of batch.entries()) {
        const place = start + offset;
        this.window.take(image, images.subarray(place * pixels, (place + 1) * pixels));
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
 * alone. Class names are the folders' in natural order. Images are square, of one size, and become
 * 8-bit luminance. One checksum per class folder stands for its files.
 */
export async function loadImageFolder(
  folder: string,
  options: LongTaskOptions = {},
): Promise<SourceContent> {
  const { classNames, train, test, notes } = await listImages(folder);
  const reader = new ImageReader(folder, train.length + test.length, options);
  const trainSplit = await reader.readSplit(train);
  const testSplit = await reader.readSplit(test);
  const decided = reader.window.finish();
  return {
    imageSize: reader.imageSize,
    classNames,
    train: trainSplit,
    test: testSplit,
    source: `image folder ${folder}`,
    notes: decided === null ? notes : [...notes, decided],
    sourceChecksums: reader.computeChecksums(),
  };
}
