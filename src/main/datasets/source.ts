import { AfterimageError } from '../../core/errors.ts';
import { maxClasses } from '../../core/formats/datasetFile.ts';
import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { valuesPerImage, type PixelFormat } from '../../core/pixels.ts';
import type { ImageArray } from './imageArrays.ts';
import { asTheyAre, type ImageChoices } from './imageChoices.ts';

/** What a source holds, before its normalisation is known. */
export interface SourceContent extends PixelFormat {
  classNames: readonly string[];
  train: DatasetSplit;
  test: DatasetSplit;
  /** Where it came from, for people. */
  source: string;
  /** What was decided about it on the way, for people. */
  notes: readonly string[];
  /** SHA-256 in hex per file read. */
  sourceChecksums: Record<string, string>;
}

/** Stored sets are read in one piece, and Node reads at most 2 GiB so. */
export const maxBytes = 2 ** 31 - 2 ** 20;

/** The error of every source that cannot be used. */
export function corruptInput(message: string, remedy: string, cause?: unknown): AfterimageError {
  return new AfterimageError('CORRUPT_INPUT', message, remedy, cause);
}

/** Images and labels [N] as read, with names that errors can point to. */
export interface LabelledImages extends DatasetSplit, ImageArray {
  imagesName: string;
  labelsName: string;
}

/** What headers say of images and labels, before either is read. */
export interface SplitShape extends Pick<
  LabelledImages,
  'count' | 'height' | 'width' | 'channels' | 'imagesName' | 'labelsName'
> {
  labelCount: number;
}

export const shapeOf = (split: LabelledImages): SplitShape => ({
  ...split,
  labelCount: split.labels.length,
});

/** Checks that there are images and that they are square, unless they are made so. */
export function checkImages(
  { count, height, width }: Pick<ImageArray, 'count' | 'height' | 'width'>,
  imagesName: string,
  { resize }: ImageChoices,
): void {
  if (count === 0) {
    throw corruptInput(`${imagesName} holds no images.`, 'Give a file with at least one image.');
  }
  if (height !== width && resize === null) {
    throw corruptInput(
      `${imagesName} holds images of ${width} x ${height} pixels, which are not square.`,
      `Crop or pad the images to squares, or ${cutHelp}.`,
    );
  }
  if (height === 0 || width === 0) {
    throw corruptInput(`${imagesName} holds images of no size.`, 'Give images with pixels.');
  }
}

/** Checks that images and labels belong together and can be used as they are chosen to be. */
export function checkSplit(split: SplitShape, choices: ImageChoices = asTheyAre): void {
  const { count, labelCount, imagesName, labelsName } = split;
  checkImages(split, imagesName, choices);
  if (count !== labelCount) {
    throw corruptInput(
      `${imagesName} holds ${count} images, but ${labelsName} ${labelCount} labels.`,
      'Give files of the same split, with one label per image.',
    );
  }
}

/** What makes squares of any images. */
export const cutHelp = 'import with --resize, which takes the square in their middle';

/**
 * How much the files of one source may unpack to together: what can be stored. Asked before anything is
 * unpacked, because a few bytes may announce, and become, any number of them.
 */
export class Allowance {
  readonly #source: string;
  #taken = 0;

  /** @param source stands for it in errors */
  constructor(source: string) {
    this.#source = source;
  }

  /** INVALID_ARGUMENT if so many bytes are too many with those before. */
  take(bytes: number): void {
    this.#taken += bytes;
    if (this.#taken <= maxBytes) return;
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${this.#source} announces ${(this.#taken / 2 ** 30).toFixed(1)} GiB of images and labels; at most 2 GiB can be stored.`,
      'Import fewer or smaller images.',
    );
  }
}

/** Throws if a set of this many images cannot be stored. `name` stands for the source. */
export function checkStorable(
  images: number,
  format: PixelFormat,
  name: string,
  hasMasks = false,
): void {
  const { imageSize } = format;
  const bytes = images * (valuesPerImage(format) + 1 + (hasMasks ? imageSize ** 2 : 0));
  if (bytes <= maxBytes) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${name} holds ${images} images of ${imageSize} x ${imageSize} pixels, ${(bytes / 2 ** 30).toFixed(1)} GiB; at most 2 GiB can be stored.`,
    'Import fewer or smaller images.',
  );
}

/** Throws if labels could not be stored in one byte each. `name` stands for the source. */
export function checkClassCount(classes: number, name: string): void {
  if (classes <= maxClasses) return;
  throw corruptInput(
    `${name} has ${classes} classes; at most ${maxClasses} are possible.`,
    'Merge classes or leave some out.',
  );
}

/** Labels that are classes by their values, in ascending order: 10, 20, .. are classes 0, 1, .. */
function numberClasses(splits: readonly LabelledImages[]): number[] {
  const values = new Set<number>();
  for (const { labels } of splits) for (const label of labels) values.add(label);
  return [...values].sort((a, b) => a - b);
}

const describeValues = (values: readonly number[]): string =>
  values.length > 6 ? `${values.slice(0, 3).join(', ')}, .., ${values.at(-1)}` : values.join(', ');

/** What makes images alike of which some are grey. */
export const channelsHelp =
  'Give images of one kind, or import with --channels 1 (luminance) or --channels 3 (colour).';

/** CORRUPT_INPUT unless the images of two parts of a source are of one size, all grey or all in colour. */
export function checkAlike(one: LabelledImages, other: LabelledImages): void {
  if (one.width !== other.width) {
    throw corruptInput(
      `${one.imagesName} holds images of ${one.width} pixels, but ${other.imagesName} of ${other.width}.`,
      'Give images of one size.',
    );
  }
  if (one.channels === other.channels) return;
  const nameOf = ({ channels }: LabelledImages): string => (channels === 1 ? 'grey' : 'in colour');
  throw corruptInput(
    `${one.imagesName} holds images that are ${nameOf(one)}, but ${other.imagesName} such that are ${nameOf(other)}.`,
    channelsHelp,
  );
}

/**
 * Joins the two splits of a source whose classes are numbers: each number that occurs is a class, and
 * its name.
 */
export function joinNumberedSplits(
  train: LabelledImages,
  test: LabelledImages,
  name: string,
): Pick<SourceContent, 'imageSize' | 'channels' | 'classNames' | 'train' | 'test' | 'notes'> {
  for (const split of [train, test]) checkSplit(shapeOf(split));
  checkAlike(train, test);
  const format = { imageSize: train.width, channels: train.channels };
  checkStorable(train.count + test.count, format, name, train.masks !== undefined);
  const values = numberClasses([train, test]);
  const classOf = new Map(values.map((value, index) => [value, index]));
  const number = ({ images, labels, masks }: LabelledImages): DatasetSplit => ({
    ...{ images, masks },
    labels: labels.map((value) => classOf.get(value) ?? 0),
  });
  const isPlain = values.every((value, index) => value === index);
  const note = `labels ${describeValues(values)} became ${values.length} classes called so`;
  return {
    ...format,
    classNames: values.map(String),
    train: number(train),
    test: number(test),
    notes: isPlain ? [] : [note],
  };
}
