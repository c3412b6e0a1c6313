import * as tf from '@tensorflow/tfjs';
import { scaleLevels } from '../../../core/pixels.ts';

/**
 * What a function is given in each of several calls, one after the other: [calls, ...shape]. A function
 * sees bytes as float32 in [0, 1], value / 255, and the others as they are.
 */
export interface Feed {
  shape: readonly number[];
  values: Float32Array | Int32Array | Uint8Array;
}

/** Values of a feed in one call. */
export const sizeOfCall = ({ shape }: Feed): number => shape.reduce((a, b) => a * b, 1);

/** Bytes of feeds in memory at once, and calls, at most: some tens of milliseconds of a fast GPU. */
const [largestFeeds, mostCalls] = [16 * 2 ** 20, 64];

/** How many calls are worth being given at once, so that their feeds stay small. */
export function callsAtOnce(feeds: readonly Feed[]): number {
  const bytes = feeds.reduce(
    (total, feed) => total + sizeOfCall(feed) * feed.values.BYTES_PER_ELEMENT,
    0,
  );
  return Math.min(mostCalls, Math.max(1, Math.floor(largestFeeds / bytes)));
}

/** What a feed gives in a call. */
export function tensorOf(feed: Feed, call = 0): tf.Tensor {
  const size = sizeOfCall(feed);
  const shape = [...feed.shape];
  const values = feed.values.subarray(call * size, (call + 1) * size);
  if (values instanceof Int32Array) return tf.tensor(values, shape, 'int32');
  if (values instanceof Float32Array) return tf.tensor(values, shape);
  return tf.tensor(scaleLevels(values), shape);
}
