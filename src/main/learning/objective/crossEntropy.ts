import * as tf from '@tensorflow/tfjs';
import type { Objective } from './objective.ts';

/**
 * Cross-entropy per example, from logits and without clipping.
 *
 * @param logits [B, classes]
 * @param labels one-hot [B, classes]
 * @returns [B], nats
 */
export function computeCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Tensor1D {
  return tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1));
}

/** Cross-entropy alone. */
export const crossEntropyObjective: Objective = {
  terms: ['crossEntropy'],
  needs: [],
  compute({ activations, head }, { labels }) {
    const logits = head(activations);
    const crossEntropy = tf.mean<tf.Scalar>(computeCrossEntropy(logits, labels));
    return { loss: crossEntropy, terms: { crossEntropy }, logits };
  },
};
