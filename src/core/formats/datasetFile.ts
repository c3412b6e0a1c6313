import { z } from 'zod';
import { AfterimageError } from '../errors.ts';
import {
  shapeOfImages,
  valuesPerImage,
  type Channels,
  type ChannelValues,
  type PixelFormat,
} from '../pixels.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import type { NamedTensor, TensorFile } from './safetensors.ts';

/** Labels are stored in one byte each. */
export const maxClasses = 256;

/** N images of S x S pixels and what they show. */
export interface DatasetSplit {
  /** [N, S, S], 0 black to 255 white, or [N, S, S, 3] of red, green, blue. */
  images: Uint8Array;
  /** [N], positions in `classNames`. */
  labels: Uint8Array;
  /** [N, S, S], 1 inside and 0 outside, of a set that brings a mask for each image; both splits have them, or none. */
  masks?: Uint8Array | undefined;
}

/** A whole data set in memory. */
export interface DatasetContent extends PixelFormat {
  classNames: readonly string[];
  /** Of the training split's pixels in [0,1]; the model sees (x - mean) / standardDeviation. */
  mean: ChannelValues;
  standardDeviation: ChannelValues;
  train: DatasetSplit;
  test: DatasetSplit;
}

const format = 'afterimage-dataset-1';

const shapeOfMasks = (count: number, { imageSize }: PixelFormat): number[] =>
  shapeOfImages(count, { imageSize, channels: 1 });

/** A number, or a list of one for each channel, as JSON. */
const channelValues = (value: z.ZodType<number>) =>
  z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.union([value, z.array(value)]));

const metadataSchema = z.object({
  format: z.literal(format),
  imageSize: z.coerce.number().int().min(1),
  /** Grey sets have none: their files are as they were before there were others. */
  channels: z
    .literal('3')
    .optional()
    .transform((text): Channels => (text === undefined ? 1 : 3)),
  classNames: z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.array(z.string()).min(1).max(maxClasses)),
  mean: channelValues(z.number()),
  standardDeviation: channelValues(z.number().positive()),
});

/** Why the split cannot be used, or null. */
function findSplitProblem(
  { images, labels, masks }: DatasetSplit,
  format: PixelFormat,
  classes: number,
): string | null {
  if (labels.length === 0) return 'has no images';
  if (images.length !== labels.length * valuesPerImage(format)) {
    const [, ...shape] = shapeOfImages(1, format);
    return `has ${images.length} pixels for ${labels.length} labels of ${shape.join(' x ')} images`;
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) return `has label ${labels[wrong]} at ${wrong}, but ${classes} classes`;
  return masks === undefined ? null : findMaskProblem(masks, labels.length, format);
}

/** Why masks [N, S, S] cannot be used, or null. */
function findMaskProblem(
  masks: Uint8Array,
  count: number,
  { imageSize }: PixelFormat,
): string | null {
  if (masks.length !== count * imageSize ** 2) {
    return `has ${masks.length} pixels of masks for ${count} images of ${imageSize} x ${imageSize}`;
  }
  return masks.every((value) => value < 2) ? null : 'has masks with other values than 0 and 1';
}

function findProblem(content: DatasetContent): string | null {
  const { train, test, classNames, channels, mean, standardDeviation } = content;
  for (const [name, split] of Object.entries({ train, test })) {
    const problem = findSplitProblem(split, content, classNames.length);
    if (problem !== null) return `its ${name} split ${problem}`;
  }
  if ((train.masks === undefined) !== (test.masks === undefined)) {
    return 'only one of its splits has masks';
  }
  for (const [name, values] of Object.entries({ mean, standardDeviation })) {
    const given = [values].flat().length;
    if (given !== channels) return `its ${name} has ${given} values for ${channels} channels`;
  }
  return null;
}

/**
 * Encodes a data set as a safetensors file with `train/images` [N,S,S] or [N,S,S,3], `train/labels` [N]
 * and the same of `test`, all U8, and, where there are masks, `train/masks` and `test/masks` [N,S,S]. The
 * same content gives the same bytes.
 * Throws a RangeError for content that could not be decoded again.
 */
export function encodeDataset(content: DatasetContent): Uint8Array {
  const problem = findProblem(content);
  if (problem !== null) throw new RangeError(`data set: ${problem}`);
  const { imageSize, channels, classNames, mean, standardDeviation } = content;
  const tensors: TensorFile['tensors'] = {};
  for (const name of ['train', 'test'] as const) {
    const { images, labels, masks } = content[name];
    tensors[`${name}/images`] = { shape: shapeOfImages(labels.length, content), values: images };
    tensors[`${name}/labels`] = { shape: [labels.length], values: labels };
    if (masks)
      tensors[`${name}/masks`] = { shape: shapeOfMasks(labels.length, content), values: masks };
  }
  const metadata = {
    format,
    imageSize: String(imageSize),
    ...(channels === 3 && { channels: '3' }),
    classNames: JSON.stringify(classNames),
    mean: JSON.stringify(mean),
    standardDeviation: JSON.stringify(standardDeviation),
  };
  return encodeSafetensors({ tensors, metadata });
}

function bytesOf(tensor: NamedTensor | undefined, shapeTail: readonly number[]): Uint8Array | null {
  if (!(tensor?.values instanceof Uint8Array)) return null;
  const { shape, values } = tensor;
  const [count = 0] = shape;
  return shape.join() === [count, ...shapeTail].join() ? values : null;
}

/** Decodes a whole file, of whose memory the images are part, and checks it. `name` stands for the file in errors (CORRUPT_INPUT). */
export function decodeDataset(bytes: Uint8Array, name: string): DatasetContent {
  const corrupt = (what: string, cause?: unknown): AfterimageError =>
    new AfterimageError(
      'CORRUPT_INPUT',
      `${name} is not a whole data set file: ${what}`,
      'Import the data set again from its source.',
      cause,
    );
  const { tensors, metadata } = decodeSafetensors(bytes, name, { keepsBytes: true });
  let header;
  try {
    header = metadataSchema.parse(metadata);
  } catch (error) {
    throw corrupt('its metadata cannot be read', error);
  }
  const split = (part: 'train' | 'test'): DatasetSplit => {
    const images = bytesOf(tensors[`${part}/images`], shapeOfImages(0, header).slice(1));
    const labels = bytesOf(tensors[`${part}/labels`], []);
    if (!images || !labels) throw corrupt(`its ${part} split is missing or has another shape`);
    const stored = tensors[`${part}/masks`];
    if (stored === undefined) return { images, labels };
    const masks = bytesOf(stored, shapeOfMasks(0, header).slice(1));
    if (!masks) throw corrupt(`the masks of its ${part} split have another shape`);
    return { images, labels, masks };
  };
  const { imageSize, channels, classNames, mean, standardDeviation } = header;
  const content = {
    imageSize,
    channels,
    classNames,
    mean,
    standardDeviation,
    train: split('train'),
    test: split('test'),
  };
  const problem = findProblem(content);
  if (problem !== null) throw corrupt(problem);
  return content;
}
