import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../engine/ops.ts';
import { given, type Term, type TermConfig } from './objective.ts';

/** Under the root of a feature vector's length, for one that is zero. */
const lengthEpsilon = Math.exp(-22);
/** Takes an image out of the sum over all others: e^-1e9 is 0. */
const excluded = 1e9;

/** [B, B], 1 on the diagonal. */
const identity = (batch: number): tf.Tensor2D => tf.eye(batch);

/**
 * The supervised contrastive loss (Khosla et al. 2020, equation 2) of each image's features as an anchor;
 * 0 for one without another image of its class.
 *
 * @param features [B, D]
 * @param labels one-hot [B, classes]
 * @param temperature above 0
 * @returns [B], nats, >= 0
 */
export function computeSupervisedContrastive(
  features: tf.Tensor2D,
  labels: tf.Tensor2D,
  temperature: number,
): tf.Tensor1D {
  const self = identity(features.shape[0]);
  const length = tf.sqrt(tf.add(tf.sum(tf.square(features), 1, true), lengthEpsilon));
  const unit = tf.div<tf.Tensor2D>(features, length);
  const similarity = tf.div(tf.matMul(unit, unit, false, true), temperature);
  const others = tf.logSumExp(tf.sub(similarity, tf.mul(excluded, self)), 1, true);
  const positive = stopGradient(tf.sub(tf.matMul(labels, labels, false, true), self));
  const total = tf.sum(tf.mul(positive, tf.sub(others, similarity)), 1);
  return tf.div(total, tf.maximum(tf.sum(positive, 1), 1));
}

export const supervisedContrastiveTerm =
  ({ temperature }: TermConfig<'supcon'>): Term =>
  ({ features, batch: { labels } }) => ({
    value: tf.mean(computeSupervisedContrastive(given(features, 'features'), labels, temperature)),
    nanBatch: tf.scalar(0),
  });
