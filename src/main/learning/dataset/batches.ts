import * as tf from '@tensorflow/tfjs';
import type { DatasetSplit } from '../../../core/formats/datasetFile.ts';
import { imageAt, shapeOfImages, valuesPerImage, type PixelFormat } from '../../../core/pixels.ts';

/** Grey images [B, S, S] or colours [B, S, S, 3], in [0, 1]. */
export type Images = tf.Tensor3D | tf.Tensor4D;

export const isGrey = (images: Images): images is tf.Tensor3D => images.rank === 3;

/** A batch as an engine takes it: images and one-hot labels [B, classes]. */
export interface ImageBatch {
  images: Images;
  labels: tf.Tensor2D;
}

/** One-hot rows for class numbers. */
export function makeOneHot(labels: ArrayLike<number>, classes: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i += 1) values[i * classes + (labels[i] ?? 0)] = 1;
  return tf.tensor2d(values, [labels.length, classes]);
}

/** The images and labels at `indices`, as tensors that the caller disposes. */
export function makeBatch(
  { images, labels }: DatasetSplit,
  indices: Uint32Array,
  format: PixelFormat,
  classes: number,
): ImageBatch {
  const length = valuesPerImage(format);
  const values = new Float32Array(indices.length * length);
  indices.forEach((index, row) => {
    const image = imageAt(images, index, format);
    for (let i = 0; i < length; i += 1) values[row * length + i] = (image[i] ?? 0) / 255;
  });
  const chosen = Array.from(indices, (index) => labels[index] ?? 0);
  return {
    images: tf.tensor(values, shapeOfImages(indices.length, format) as Images['shape']) as Images,
    labels: makeOneHot(chosen, classes),
  };
}

/** Cuts `indices` into pieces of `size`, the last one shorter. */
export function* cut(indices: Uint32Array, size: number): Generator<Uint32Array> {
  for (let start = 0; start < indices.length; start += size) {
    yield indices.subarray(start, start + size);
  }
}

/**
 * `indices` at exactly `size`, filled up with its last element: a traced graph has one batch size,
 * and results past `indices.length` are dropped.
 */
export function padTo(indices: Uint32Array, size: number): Uint32Array {
  const padded = new Uint32Array(size).fill(indices.at(-1) ?? 0);
  padded.set(indices);
  return padded;
}
