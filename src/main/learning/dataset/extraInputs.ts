import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { DatasetContent, DatasetSplit } from '../../../core/formats/datasetFile.ts';
import { computeMask } from '../../../core/metrics/foreground.ts';
import { computeLuminance, imageAt, maskAt, type PixelFormat } from '../../../core/pixels.ts';
import type { ExtraInput } from '../objective/objective.ts';

/** What batches have besides images and labels, [B, S, S] for the images of a split at some indices. */
export type ExtraInputs = Readonly<Record<ExtraInput, (indices: Uint32Array) => tf.Tensor3D>>;

type Choices = Pick<RunConfig['cam'], 'target' | 'mask' | 'maskThreshold'>;
/** [pixels] in [0, 1] for the image at an index. */
type PixelsOf = (index: number) => Float32Array;

/**
 * The mean of each class over the images at `indices`; 0 everywhere where a class has none.
 *
 * @param labels of all images
 * @returns [classes, pixels]
 */
export function averageByLabel(
  pixelsOf: PixelsOf,
  labels: Uint8Array,
  indices: Uint32Array,
  { pixels, classes }: { pixels: number; classes: number },
): Float32Array[] {
  const sums = Array.from({ length: classes }, () => new Float64Array(pixels));
  const counts = new Float64Array(classes);
  for (const index of indices) {
    const label = labels[index] ?? 0;
    const sum = sums[label] ?? new Float64Array(pixels);
    const values = pixelsOf(index);
    for (let p = 0; p < pixels; p += 1) sum[p] = (sum[p] ?? 0) + (values[p] ?? 0);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return sums.map((sum, label) =>
    Float32Array.from(sum, (value) => value / Math.max(1, counts[label] ?? 0)),
  );
}

function targetsOf(
  { target }: Choices,
  { imagesOf, masksOf }: { imagesOf: PixelsOf; masksOf: PixelsOf },
): PixelsOf {
  if (target === 'mask') return masksOf;
  if (target === 'inverted') return (index) => imagesOf(index).map((value) => 1 - value);
  return imagesOf;
}

/**
 * Makes what steps may need of a split's images; the class means when they are first asked for.
 *
 * @param reference the images that the means are taken over: those that train, not the validation's
 */
export function createExtraInputs(
  { images, labels, masks }: DatasetSplit,
  { imageSize, channels, classNames }: Pick<DatasetContent, keyof PixelFormat | 'classNames'>,
  choices: Choices,
  reference: Uint32Array,
): ExtraInputs {
  const format = { imageSize, channels };
  const sizes = { pixels: imageSize ** 2, classes: classNames.length };
  const imagesOf: PixelsOf = (index) => computeLuminance(imageAt(images, index, format), channels);
  const masksOf: PixelsOf = (index) =>
    computeMask(choices, imagesOf(index), maskAt(masks, index, format));
  const gather = (indices: Uint32Array, pixelsOf: PixelsOf): tf.Tensor3D => {
    const values = new Float32Array(indices.length * sizes.pixels);
    indices.forEach((index, row) => {
      values.set(pixelsOf(index), row * sizes.pixels);
    });
    return tf.tensor3d(values, [indices.length, imageSize, imageSize]);
  };
  let means: Float32Array[] | undefined;
  return {
    classMeans: (indices) => {
      const targets = targetsOf(choices, { imagesOf, masksOf });
      const known = (means ??= averageByLabel(targets, labels, reference, sizes));
      return gather(indices, (index) => known[labels[index] ?? 0] ?? new Float32Array(0));
    },
    masks: (indices) => gather(indices, masksOf),
  };
}
