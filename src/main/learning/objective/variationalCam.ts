import * as tf from '@tensorflow/tfjs';
import type { CompareMaps } from './mapDistances.ts';
import type { TermConfig } from './objective.ts';

/** A map's values as probabilities in [0.01, 0.99], whose logarithms and their slopes stay moderate. */
const certainty = 0.98;
/** Added to variances, so that a channel that is silent in the batch has a finite divergence. */
const varianceEpsilon = 1e-5;

/**
 * Cross-entropy of the Bernoulli distributions that maps and images give each pixel, nats.
 *
 * @param cam [B, S, S] in [0, 1]; images alike
 * @returns [B]
 */
export function computeReconstruction(
  cam: tf.Tensor3D,
  images: tf.Tensor3D,
  reduction: TermConfig<'variational'>['reduction'],
): tf.Tensor1D {
  const p = tf.add(tf.mul(certainty, cam), (1 - certainty) / 2);
  const bright = tf.mul(images, tf.log(p));
  const dark = tf.mul(tf.sub(1, images), tf.log(tf.sub(1, p)));
  const pixels = tf.neg(tf.add(bright, dark));
  return reduction === 'sum' ? tf.sum(pixels, [1, 2]) : tf.mean(pixels, [1, 2]);
}

/**
 * KL divergence from the unit Gaussian of each channel's mean over positions, as a diagonal Gaussian over
 * the batch (Kingma and Welling 2014, appendix B): 1/2 sum_k (mean^2 + variance - 1 - ln variance), nats.
 *
 * @param activations [B, h, w, K]
 */
export function computeDivergence(activations: tf.Tensor4D): tf.Scalar {
  const pooled = tf.mean<tf.Tensor2D>(activations, [1, 2]);
  const mean = tf.mean(pooled, 0);
  const variance = tf.add(tf.mean(tf.square(tf.sub(pooled, mean)), 0), varianceEpsilon);
  const each = tf.sub(tf.add(tf.square(mean), variance), tf.add(1, tf.log(variance)));
  return tf.mul(0.5, tf.sum(each));
}

/** The negative evidence lower bound of each image; the divergence is the batch's, shared by all. */
export const compareVariationally =
  ({ beta, reduction }: TermConfig<'variational'>): CompareMaps =>
  (cam, { activations, batch: { images } }) =>
    tf.add(
      computeReconstruction(cam, images, reduction),
      tf.mul(beta, computeDivergence(activations)),
    );
