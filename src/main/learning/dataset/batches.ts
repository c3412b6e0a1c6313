import * as tf from '@tensorflow/tfjs';
import type { DatasetSplit } from '../../../core/formats/datasetFile.ts';
import { gatherImages, shapeOfImages, type PixelFormat } from '../../../core/pixels.ts';
import { tensorOf, type Feed } from '../engine/feed.ts';

/** Grey images [B, S, S] or colours [B, S, S, 3], in [0, 1]. */
export type Images = tf.Tensor3D | tf.Tensor4D;

export const isGrey = (images: Images): images is tf.Tensor3D => images.rank === 3;

/** A batch as an engine takes it: images and one-hot labels [B, classes]. */
export interface ImageBatch {
  images: Images;
  labels: tf.Tensor2D;
}

/** One-hot rows for class numbers, [labels, classes]. */
function fillOneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const values = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i += 1) values[i * classes + (labels[i] ?? 0)] = 1;
  return values;
}

/** One-hot rows for class numbers. */
export const makeOneHot = (labels: ArrayLike<number>, classes: number): tf.Tensor2D =>
  tf.tensor2d(fillOneHot(labels, classes), [labels.length, classes]);

/** The images and one-hot labels [B, classes] at `indices`, as an engine is fed with them. */
export function feedBatch(
  { images, labels }: DatasetSplit,
  indices: Uint32Array,
  format: PixelFormat,
  classes: number,
): { images: Feed; labels: Feed } {
  const levels = gatherImages(images, indices, format);
  const chosen = new Uint8Array(indices.length);
  for (let i = 0; i < chosen.length; i += 1) chosen[i] = labels[indices[i] ?? 0] ?? 0;
  return {
    images: { values: levels, shape: shapeOfImages(indices.length, format) },
    labels: { values: fillOneHot(chosen, classes), shape: [indices.length, classes] },
  };
}

/** The images and labels at `indices`, as tensors that the caller disposes. */
export function makeBatch(...given: Parameters<typeof feedBatch>): ImageBatch {
  const { images, labels } = feedBatch(...given);
  return { images: tensorOf(images) as Images, labels: tensorOf(labels) as tf.Tensor2D };
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
