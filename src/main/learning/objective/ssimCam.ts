import * as tf from '@tensorflow/tfjs';
import { c1, c2, gaussianWindow, windowSize } from '../../../core/metrics/examples/ssim.ts';
import { resizeMaps } from '../cam/gradCam.ts';
import type { CompareMaps } from './mapDistances.ts';

/** Each row the window's weights around one position: [size - 10, size]. */
function windowMatrix(size: number): tf.Tensor2D {
  const window = gaussianWindow();
  const inner = size - windowSize + 1;
  const values = new Float32Array(inner * size);
  for (let row = 0; row < inner; row += 1) values.set(window, row * size + row);
  return tf.tensor2d(values, [inner, size]);
}

/**
 * Structural similarity of images x and y as the metric has it (`src/core/metrics/examples/ssim.ts`).
 *
 * @param x [B, S, S] in [0, 1], S >= 11; y alike
 * @returns [B] in [-1, 1]
 */
export function computeSsim(x: tf.Tensor3D, y: tf.Tensor3D): tf.Tensor1D {
  const window = windowMatrix(x.shape[1]);
  const localMean = (plane: tf.Tensor3D): tf.Tensor3D => resizeMaps(plane, window);
  const [mx, my] = [localMean(x), localMean(y)];
  const product = tf.mul<tf.Tensor3D>(mx, my);
  const power = tf.add<tf.Tensor3D>(tf.square(mx), tf.square(my));
  const covariance = tf.sub(localMean(tf.mul(x, y)), product);
  const variances = tf.sub(localMean(tf.add(tf.square(x), tf.square(y))), power);
  const above = tf.mul(tf.add(tf.mul(2, product), c1), tf.add(tf.mul(2, covariance), c2));
  const below = tf.mul(tf.add(power, c1), tf.add(variances, c2));
  return tf.mean(tf.div(above, below), [1, 2]);
}

/** 1 - SSIM(cam, x). */
export const compareStructure: CompareMaps = (cam, { batch: { images } }) =>
  tf.sub(1, computeSsim(cam, images));
