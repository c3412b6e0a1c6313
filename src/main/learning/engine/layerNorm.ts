import * as tf from '@tensorflow/tfjs';
import { sumRows } from './reductions.ts';

/** The epsilon of every layer norm. */
export const layerNormEpsilon = 1e-6;

/** (x - mean) / sqrt(variance + eps) over the last axis, and the reciprocal of that root. */
function standardize(x: tf.Tensor): { normalized: tf.Tensor; inverse: tf.Tensor } {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const inverse = tf.rsqrt(tf.add(variance, layerNormEpsilon));
  return { normalized: tf.mul(centred, inverse), inverse };
}

/** From tfjs's operations, and as differentiable as they are. */
export const composeLayerNorm = <T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
): T => tf.add(tf.mul(standardize(x).normalized, gamma), beta);

/**
 * The gradient of a layer norm from tfjs's operations, for where it is differentiated.
 *
 * @param dy [..., K], x alike, gamma [K]
 */
export function composeLayerNormGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
): [x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor] {
  const { normalized, inverse } = standardize(x);
  const slope = tf.mul(dy, gamma);
  const along = tf.mul(normalized, tf.mean(tf.mul(slope, normalized), -1, true));
  const dx = tf.mul(tf.sub(tf.sub(slope, tf.mean(slope, -1, true)), along), inverse);
  return [dx, sumRows(tf.mul(dy, normalized)), sumRows(dy)];
}
