import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../engine/ops.ts';
import type { ObjectiveBatch, TermConfig } from './objective.ts';

/** The image that each map is compared with, and y [B], 1 where the two count as similar. */
export type PairingRule = (
  batch: ObjectiveBatch,
  logits: tf.Tensor2D,
) => { images: tf.Tensor3D; similar: tf.Tensor1D };

/** The batch with each item replaced by the one after it, the last by the first. */
function next<T extends tf.Tensor>(x: T): T {
  const [batch = 0, ...item] = x.shape;
  if (batch < 2) return x;
  const origin = item.map(() => 0);
  const tail = tf.slice(x, [1, ...origin], [batch - 1, ...item]);
  return tf.concat<T>([tail, tf.slice(x, [0, ...origin], [1, ...item])]);
}

export const pairingRules: Record<TermConfig<'contrastive'>['pairing'], PairingRule> = {
  matched: ({ images }) => ({ images, similar: tf.ones([images.shape[0]]) }),
  correctness: ({ images, labels }, logits) => {
    const right = tf.equal<tf.Tensor1D>(tf.argMax(logits, 1), tf.argMax(labels, 1));
    const similar = tf.cast<tf.Tensor1D>(right, 'float32');
    return { images, similar: stopGradient(similar) };
  },
  inBatch: ({ images, labels }) => ({
    images: next(images),
    similar: tf.sum(tf.mul(labels, next(labels)), 1),
  }),
};
