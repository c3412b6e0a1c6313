import * as tf from '@tensorflow/tfjs';
import type { DatasetContent, DatasetSplit } from '../../../core/formats/datasetFile.ts';
import type { ExtraInput } from '../objective/objective.ts';

/** What batches have besides images and labels, [B, S, S] for the training images at some indices. */
export type ExtraInputs = Readonly<Record<ExtraInput, (indices: Uint32Array) => tf.Tensor3D>>;

/**
 * The mean image of each class over the images at `indices`, in [0, 1]; black where a class has none.
 *
 * @returns [classes, pixels]
 */
export function averageImages(
  { images, labels }: DatasetSplit,
  indices: Uint32Array,
  { pixels, classes }: { pixels: number; classes: number },
): Float32Array[] {
  const sums = Array.from({ length: classes }, () => new Float64Array(pixels));
  const counts = new Float64Array(classes);
  for (const index of indices) {
    const label = labels[index] ?? 0;
    const sum = sums[label] ?? new Float64Array(pixels);
    const image = images.subarray(index * pixels, (index + 1) * pixels);
    for (let p = 0; p < pixels; p += 1) sum[p] = (sum[p] ?? 0) + (image[p] ?? 0);
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
  { train, imageSize, classNames }: Pick<DatasetContent, 'train' | 'imageSize' | 'classNames'>,
  reference: Uint32Array,
): ExtraInputs {
  const sizes = { pixels: imageSize ** 2, classes: classNames.length };
  let means: Float32Array[] | undefined;
  return {
    classMeans: (indices) => {
      const known = (means ??= averageImages(train, reference, sizes));
      const values = new Float32Array(indices.length * sizes.pixels);
      indices.forEach((index, row) => {
        values.set(known[train.labels[index] ?? 0] ?? [], row * sizes.pixels);
      });
      return tf.tensor3d(values, [indices.length, imageSize, imageSize]);
    },
  };
}
