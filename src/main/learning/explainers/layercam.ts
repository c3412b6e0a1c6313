import * as tf from '@tensorflow/tfjs';
import type { Explain } from './explain.ts';

/** LayerCAM: the gradient of each position, where positive, is that position's own weight. */
export const explainByLayercam: Explain = ({ activations, head, targets }) => {
  const classScore = (a: tf.Tensor): tf.Tensor => tf.sum(tf.mul(head(a as tf.Tensor4D), targets));
  const weights = tf.relu(tf.grad(classScore)(activations));
  return tf.relu(tf.sum(tf.mul(weights, activations), 3));
};
