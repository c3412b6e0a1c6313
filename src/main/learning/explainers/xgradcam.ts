import * as tf from '@tensorflow/tfjs';
import { computeCamMap } from '../cam/gradCam.ts';
import { computeLayerGradients, sumPositions, type Explain } from './explain.ts';

/** Keeps the weight of a channel that is zero everywhere finite. */
const epsilon = 1e-7;

/** XGrad-CAM: a channel's gradients averaged with its activations as weights. */
export const explainByXgradcam: Explain = (batch) => {
  const { ops, activations } = batch;
  const products = sumPositions(tf.mul(computeLayerGradients(batch), activations));
  const alpha = tf.div<tf.Tensor2D>(products, tf.add(sumPositions(activations), epsilon));
  return computeCamMap(ops, activations, alpha);
};
