import * as tf from '@tensorflow/tfjs';
import { computeCamMap } from '../cam/gradCam.ts';
import { computeLayerGradients, sumPositions, type Explain } from './explain.ts';

/** Keeps the weight of a position finite where the denominator vanishes. */
const epsilon = 1e-6;

/** Grad-CAM++: the exponential of the logit is its score, of which the derivatives need only powers of g. */
export const explainByGradcamPlusPlus: Explain = (batch) => {
  const { ops, activations } = batch;
  const slopes = computeLayerGradients(batch);
  const squares = tf.square(slopes);
  const sums = tf.sum(activations, [1, 2], true);
  const denominator = tf.add(tf.mul(squares, 2), tf.mul(sums, tf.mul(squares, slopes)));
  const shares = tf.div(squares, tf.add(denominator, epsilon));
  const alpha = sumPositions(tf.mul(tf.relu(slopes), shares));
  return computeCamMap(ops, activations, alpha);
};
