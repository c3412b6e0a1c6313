import * as tf from '@tensorflow/tfjs';
import { bicubicMatrix } from '../../../shared/bicubic.ts';
import { camEpsilon } from '../../../shared/cam.ts';

/**
 * Channel weights of Grad-CAM (Selvaraju et al. 2017): the mean over positions of the gradient of the
 * target class's logit with respect to the activations. The head runs once, for both results.
 *
 * @param head activations [B, h, w, K] -> logits [B, classes]
 * @param chooseTargets one-hot target classes [B, classes], without gradient
 * @returns alpha [B, K] and logits [B, classes], both differentiable
 */
export function computeAlpha(
  head: (activations: tf.Tensor4D) => tf.Tensor2D,
  activations: tf.Tensor4D,
  chooseTargets: (logits: tf.Tensor2D) => tf.Tensor2D,
): { alpha: tf.Tensor2D; logits: tf.Tensor2D } {
  const kept: tf.Tensor2D[] = [];
  const classScore = (a: tf.Tensor): tf.Tensor => {
    const logits = head(a as tf.Tensor4D);
    kept.push(tf.keep(logits));
    return tf.sum(tf.mul(logits, chooseTargets(logits)));
  };
  const alpha: tf.Tensor2D = tf.mean(tf.grad(classScore)(activations), [1, 2]);
  const [inner] = kept as [tf.Tensor2D];
  // Kept past the gradient's scope, the logits now join the caller's.
  const logits = tf.clone(inner);
  inner.dispose();
  return { alpha, logits };
}

/**
 * The native map M = ReLU(sum_k alpha_k A_k).
 *
 * @param activations [B, h, w, K]
 * @param alpha [B, K]
 * @returns camMap [B, h, w], >= 0
 */
export function computeCamMap(activations: tf.Tensor4D, alpha: tf.Tensor2D): tf.Tensor3D {
  const [batch, height, width, channels] = activations.shape;
  const positions = tf.reshape(activations, [batch, height * width, channels]);
  const weighted = tf.matMul(positions, tf.reshape(alpha, [batch, channels, 1]));
  return tf.relu(tf.reshape(weighted, [batch, height, width]));
}

/** Resizes the last axis of [B, h, w] and swaps the last two: done twice, both axes are resized. */
function resizeAndTranspose(x: tf.Tensor3D, resize: tf.Tensor2D): tf.Tensor3D {
  const [batch, rows, columns] = x.shape;
  const resized = tf.matMul(tf.reshape(x, [batch * rows, columns]), resize, false, true);
  return tf.transpose(tf.reshape(resized, [batch, rows, resize.shape[0]]), [0, 2, 1]);
}

/**
 * The map at the input's size: U = max(0, R M R^T), cam = U / (max U + 1e-7).
 *
 * @param camMap [B, h, h], square
 * @returns cam [B, imageSize, imageSize] in [0, 1]
 */
export function computeCam(camMap: tf.Tensor3D, imageSize: number): tf.Tensor3D {
  const [, height, width] = camMap.shape;
  tf.util.assert(height === width, () => `computeCam: the map is ${height}x${width}, not square`);
  const matrix = bicubicMatrix(imageSize, width);
  const resize = tf.tensor2d(matrix, [imageSize, width]);
  const upsampled = tf.relu(resizeAndTranspose(resizeAndTranspose(camMap, resize), resize));
  return tf.div(upsampled, tf.add(tf.max(upsampled, [1, 2], true), camEpsilon));
}
