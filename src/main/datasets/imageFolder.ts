import type { AfterimageError } from '../../core/errors.ts';
import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { imageAt, valuesPerImage, type Channels } from '../../core/pixels.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { GreyWindow } from './greyWindow.ts';
import { decodeFile, type DecodedImage } from './imageDecoding.ts';
import { readMask } from './maskFiles.ts';
import { asTheyAre, type ImageChoices } from './imageChoices.ts';
import { listImages, type ImageFile } from './imageListing.ts';
import { channelsHelp, checkStorable, corruptInput, cutHelp } from './source.ts';
import type { SourceContent } from './source.ts';

/** Images decoded at once; sharp runs them on the thread pool. Of large images fewer are. */
const mostAtOnce = 32;
/** Of images that may each have any size. */
const mostOfAnySize = 8;
/** Pixels of an image, and of all that are decoded at once. */
const mostPixels = 2 ** 24;

/** An image, and its mask where it has one. */
interface ReadImage {
  image: DecodedImage;
  mask: Uint8Array | null;
}

/** Decodes files one batch after the other, in order, and keeps what they amount to. */
class ImageReader {
  /** Of the first image, or as it was chosen; 0 before. */
  imageSize = 0;
  channels: Channels = 1;
  readonly window = new GreyWindow();
  readonly #checksums = new Map<string, Map<string, string>>();
  readonly #remarks = new Map<string, number>();
  readonly #total: number;
  readonly #folder: string;
  readonly #options: LongTaskOptions;
  readonly #choices: ImageChoices;
  readonly #hasMasks: boolean;
  #done = 0;

  constructor(
    folder: string,
    files: readonly ImageFile[],
    options: LongTaskOptions,
    choices: ImageChoices,
  ) {
    this.#folder = folder;
    this.#total = files.length;
    this.#hasMasks = files[0]?.mask !== undefined;
    this.#options = options;
    this.#choices = choices;
  }

  /** Images of 16 bits are black until the window is finished. */
  async readSplit(files: readonly ImageFile[]): Promise<DatasetSplit> {
    const labels = Uint8Array.from(files, ({ label }) => label);
    let [images, masks] = [new Uint8Array(), new Uint8Array()];
    for (let start = 0; start < files.length;) {
      this.#options.signal?.throwIfAborted();
      const batch = await this.#readBatch(files.slice(start, start + this.#atOnce()));
      if (start === 0) {
        images = new Uint8Array(files.length * valuesPerImage(this));
        if (this.#hasMasks) masks = new Uint8Array(files.length * this.imageSize ** 2);
      }
      for (const [offset, { image, mask }] of batch.entries()) {
        this.window.take(image, imageAt(images, start + offset, this));
        if (mask !== null) masks.set(mask, (start + offset) * this.imageSize ** 2);
        this.#note(image);
      }
      start += batch.length;
    }
    return { images, labels, ...(this.#hasMasks && { masks }) };
  }

  /** The first image alone, as it says how large they are. */
  #atOnce(): number {
    if (this.imageSize === 0) return 1;
    if (this.#choices.resize !== null) return mostOfAnySize;
    return Math.min(mostAtOnce, Math.max(1, Math.floor(mostPixels / this.imageSize ** 2)));
  }

  async #readBatch(files: readonly ImageFile[]): Promise<ReadImage[]> {
    const isAny = this.imageSize === 0 || this.#choices.resize !== null;
    const options = { ...this.#choices, largest: isAny ? mostPixels : this.imageSize ** 2 };
    const isFirst = this.imageSize === 0;
    const batch = await Promise.all(
      files.map(async (file) => {
        const image = await decodeFile(file, options, ({ path }, width, height) => {
          this.#checkSize(width, height, path);
        });
        return { image, mask: await this.#readMask(file, image) };
      }),
    );
    const [first] = batch;
    if (isFirst && first !== undefined) this.#begin(first.image);
    for (const { image } of batch) this.#checkChannels(image);
    return batch;
  }

  async #readMask({ mask }: ImageFile, image: DecodedImage): Promise<Uint8Array | null> {
    if (mask === undefined) return null;
    const read = await readMask(mask, image);
    this.#noteChecksum(mask, read.checksum);
    return read.mask;
  }

  /** What the first image is, all are to be. */
  #begin({ width, channels }: DecodedImage): void {
    this.imageSize = width;
    this.channels = channels;
    checkStorable(this.#total, this, this.#folder, this.#hasMasks);
  }

  #checkChannels({ channels, file: { path } }: DecodedImage): void {
    if (channels === this.channels) return;
    const nameOf = (count: Channels): string => (count === 1 ? 'grey' : 'in colour');
    throw corruptInput(
      `${path} is ${nameOf(channels)}, but the images before it are ${nameOf(this.channels)}.`,
      channelsHelp,
    );
  }

  #note({ file, checksum, remarks }: DecodedImage): void {
    for (const remark of remarks) {
      this.#remarks.set(remark, (this.#remarks.get(remark) ?? 0) + 1);
    }
    this.#noteChecksum(file, checksum);
    this.#done += 1;
    const step = `reading ${file.name}`;
    this.#options.onProgress?.({ step, done: this.#done, total: this.#total });
  }

  #noteChecksum({ group, name }: ImageFile, checksum: string): void {
    const checksums = this.#checksums.get(group) ?? new Map<string, string>();
    this.#checksums.set(group, checksums.set(name, checksum));
  }

  #checkSize(width: number, height: number, path: string): void {
    if (this.#choices.resize !== null) {
      if (width * height > mostPixels) throw refuseLarge(path, width, height);
      return;
    }
    if (width !== height) {
      throw corruptInput(
        `${path} has ${width} x ${height} pixels, which is not square.`,
        `Crop or pad the images to squares of one size, or ${cutHelp}.`,
      );
    }
    if (this.imageSize === 0) this.#checkFirst(width, path);
    else if (width !== this.imageSize) {
      throw corruptInput(
        `${path} has ${width} x ${height} pixels, but the images before it ${this.imageSize} x ${this.imageSize}.`,
        'Scale the images to one size, as --resize does.',
      );
    }
  }

  #checkFirst(width: number, path: string): void {
    if (width ** 2 > mostPixels) throw refuseLarge(path, width, width);
    // Of one channel, as more are not known before it is decoded.
    checkStorable(this.#total, { imageSize: width, channels: 1 }, this.#folder, this.#hasMasks);
  }

  /** For people, what was done to how many images. */
  describe(): string[] {
    return [...this.#remarks].map(([remark, count]) => `${count} ${remark}`);
  }

  /** Per class folder, and for the folder of masks, the checksum of what `LC_ALL=C; sha256sum *` prints for its images. */
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

function refuseLarge(path: string, width: number, height: number): AfterimageError {
  const side = Math.sqrt(mostPixels);
  return corruptInput(
    `${path} has ${width} x ${height} pixels; at most ${side} x ${side} are read.`,
    'Scale the images to the size that a model shall see.',
  );
}

/**
 * Reads PNG, JPEG, TIFF and DICOM files sorted into class folders: train/CLASS/* and test/CLASS/*, or
 * CLASS/* alone. Class names are the folders' in natural order. Images are square and of one size, or
 * made so, all grey or all in colour, and become 8-bit levels. One checksum per class folder stands for
 * its files. A folder of masks (`findMaskFolder`) gives each image its mask.
 */
export async function loadImageFolder(
  folder: string,
  options: LongTaskOptions = {},
  choices = asTheyAre,
): Promise<SourceContent> {
  const { classNames, train, test, notes } = await listImages(folder);
  const reader = new ImageReader(folder, [...train, ...test], options, choices);
  const trainSplit = await reader.readSplit(train);
  const testSplit = await reader.readSplit(test);
  const decided = reader.window.finish();
  return {
    imageSize: reader.imageSize,
    channels: reader.channels,
    classNames,
    train: trainSplit,
    test: testSplit,
    source: `image folder ${folder}`,
    notes: [...notes, ...reader.describe(), ...(decided === null ? [] : [decided])],
    sourceChecksums: reader.computeChecksums(),
  };
}
