import * as tf from '@tensorflow/tfjs';

/** Sums over all axes but the last. */
export const sumRows = (x: tf.Tensor): tf.Tensor1D =>
  tf.sum(tf.reshape(x, [-1, x.shape.at(-1) ?? 1]), 0);

/**
 * Mean over all positions [K] of x [B, ..., K], summed over the images first: a single float32 sum over
 * every position of a large batch loses digits with its length.
 */
export function averagePositions(x: tf.Tensor): tf.Tensor1D {
  const [batch = 1] = x.shape;
  const channels = x.shape.at(-1) ?? 1;
  const overImages = tf.sum(tf.reshape(x, [batch, -1]), 0);
  return tf.div(sumRows(tf.reshape(overImages, [-1, channels])), x.size / channels);
}

/** How x [B, ..., K] is reduced to [K]. */
export interface Reductions {
  average: (x: tf.Tensor) => tf.Tensor1D;
  sum: (x: tf.Tensor) => tf.Tensor1D;
}
