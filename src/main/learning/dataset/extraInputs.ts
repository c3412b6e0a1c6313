import * as tf from '@tensorflow/tfjs';
import type { DatasetContent, DatasetSplit } from '../../../core/formats/datasetFile.ts';
import { imageAt, luminanceAt, type PixelFormat } from '../../../core/pixels.ts';
import type { ExtraInput } from '../objective/objective.ts';

/** What batches have besides images and labels, [B, S, S] for the training images at some indices. */
export type ExtraInputs = Readonly<Record<ExtraInput, (indices: Uint32Array) => tf.Tensor3D>>;

/**
 * The mean luminance of each class's images among those at `indices`, in [0, 1]; black where a class has none.
 *
 * @returns [classes, pixels]
 */
export function averageImages(
  { images, labels }: DatasetSplit,
  indices: Uint32Array,
  { classes, ...format }: PixelFormat & { classes: number },
): Float32Array[] {
  const pixels = format.imageSize ** 2;
  const sums = Array.from({ length: classes }, () => new Float64Array(pixels));
  const counts = new Float64Array(classes);
  for (const index of indices) {
    const label = labels[index] ?? 0;
    const sum = sums[label] ?? new Float64Array(pixels);
    const image = imageAt(images, index, format);
    for (let p = 0; p < pixels; p += 1) {
      sum[p] = (sum[p] ?? 0) + luminanceAt(image, p, format.channels);
    }
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return sums.map((sum, label) =>
    Float32Array.from(sum, (value) => value / (255 * Math.max(1, counts[label] ?? 0))),
  );
}

/**
 * Makes what objectives may need of training images; the class means when they are first asked for.
 *
 * @param reference the images that the means are taken over: those that train, not the validation's
 */
export function createExtraInputs(
  {
    train,
    imageSize,
    channels,
    classNames,
  }: Pick<DatasetContent, 'train' | keyof PixelFormat | 'classNames'>,
  reference: Uint32Array,
): ExtraInputs {
  const sizes = { imageSize, channels, classes: classNames.length };
  const pixels = imageSize ** 2;
  let means: Float32Array[] | undefined;
  return {
    classMeans: (indices) => {
      const known = (means ??= averageImages(train, reference, sizes));
      const values = new Float32Array(indices.length * pixels);
      indices.forEach((index, row) => {
        values.set(known[train.labels[index] ?? 0] ?? [], row * pixels);
      });
      return tf.tensor3d(values, [indices.length, imageSize, imageSize]);
    },
  };
}
