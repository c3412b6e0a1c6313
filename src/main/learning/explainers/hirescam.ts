import * as tf from '@tensorflow/tfjs';
import { computeLayerGradients, type Explain } from './explain.ts';

/** HiResCAM: gradients and activations multiplied position by position. */
export const explainByHirescam: Explain = (batch) =>
  tf.relu(tf.sum(tf.mul(computeLayerGradients(batch), batch.activations), 3));
