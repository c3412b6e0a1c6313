import * as tf from '@tensorflow/tfjs';
import type { DatasetSplit } from '../../../core/formats/datasetFile.ts';

/** A batch as an engine takes it: images [B, S, S] in [0, 1] and one-hot labels [B, classes]. */
export interface ImageBatch {
  images: tf.Tensor3D;
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
  imageSize: number,
  classes: number,
): ImageBatch {
  const pixels = imageSize * imageSize;
  const values = new Float32Array(indices.length * pixels);
  indices.forEach((index, row) => {
    const start = index * pixels;
    for (let p = 0; p < pixels; p += 1) {
      values[row * pixels + p] = (images[start + p] ?? 0) / 255;
    }
  });
  const chosen = Array.from(indices, (index) => labels[index] ?? 0);
  return {
    images: tf.tensor3d(values, [indices.length, imageSize, imageSize]),
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
