import * as tf from '@tensorflow/tfjs';
import { computeLayerGradients, type Explain } from './explain.ts';

/** LayerCAM: the gradient of each position, where positive, is that position's own weight. */
export const explainByLayercam: Explain = (batch) => {
  const weights = tf.relu(computeLayerGradients(batch));
  return tf.relu(tf.sum(tf.mul(weights, batch.activations), 3));
};
