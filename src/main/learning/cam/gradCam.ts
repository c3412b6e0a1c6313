import * as tf from '@tensorflow/tfjs';
import { bicubicMatrix } from '../../../core/maps/bicubic.ts';
import { camEpsilon } from '../../../core/maps/cam.ts';
import { stopGradient, type Ops } from '../engine/ops.ts';
import type { Head } from '../model/forward.ts';

/** A tensor that was kept past a gradient's scope, as one of the caller's, whose scope it joins. */
export function releaseKept<T extends tf.Tensor>(kept: T | undefined): T {
  if (kept === undefined) throw new RangeError('gradCam: nothing was kept');
  const released = tf.clone(kept);
  kept.dispose();
  return released;
}

/**
 * Channel weights of Grad-CAM (Selvaraju et al. 2017): the mean over positions of the gradient of the
 * target class's logit with respect to the activations. The head runs once, for both results.
 *
 * @param chooseTargets one-hot target classes [B, classes], without gradient
 * @returns alpha [B, K], logits [B, classes] and, of a head that tells them, features [B, D], all
 *   differentiable
 */
export function computeAlpha(
  head: Head,
  activations: tf.Tensor4D,
  chooseTargets: (logits: tf.Tensor2D) => tf.Tensor2D,
): { alpha: tf.Tensor2D; logits: tf.Tensor2D; features: tf.Tensor2D | null } {
  const kept: { logits?: tf.Tensor2D; features?: tf.Tensor2D } = {};
  const classScore = (a: tf.Tensor): tf.Tensor => {
    const logits = head(a as tf.Tensor4D, (features) => {
      kept.features = tf.keep(features);
    });
    kept.logits = tf.keep(logits);
    return tf.sum(tf.mul(logits, chooseTargets(logits)));
  };
  const alpha: tf.Tensor2D = tf.mean(tf.grad(classScore)(activations), [1, 2]);
  const features = kept.features === undefined ? null : releaseKept(kept.features);
  return { alpha, logits: releaseKept(kept.logits), features };
}

/**
 * The native map M = ReLU(sum_k alpha_k A_k).
 *
 * @param activations [B, h, w, K]
 * @param alpha [B, K]
 * @returns camMap [B, h, w], >= 0
 */
export const computeCamMap = (
  ops: Ops,
  activations: tf.Tensor4D,
  alpha: tf.Tensor2D,
): tf.Tensor3D => tf.relu(ops.sumChannels(activations, alpha));

/** Up to how many entries one matrix resizes a map in both directions at once. */
const wholeMapLimit = 2 ** 18;

/**
 * R M R^T for every map M of a batch, along one axis after the other, or, where that is small, along
 * both with the Kronecker product of R and R: a training step is made of few large operations, in
 * which four products and transpositions of small matrices show.
 *
 * @param maps [B, h, h]
 * @param resize R [S, h]
 * @returns [B, S, S]
 */
export function resizeMaps(maps: tf.Tensor3D, resize: tf.Tensor2D): tf.Tensor3D {
  const batch = maps.shape[0];
  const [to, from] = resize.shape;
  const resized: [number, number, number] = [batch, to, to];
  if ((to * from) ** 2 <= wholeMapLimit) {
    const rows = tf.reshape(resize, [to, 1, from, 1]);
    const both = tf.mul(rows, tf.reshape(resize, [1, to, 1, from]));
    const matrix = tf.reshape(both, [to * to, from * from]);
    const flat = tf.reshape(maps, [batch, from * from]);
    return tf.reshape(tf.matMul(flat, matrix, false, true), resized);
  }
  const resizeLast = (x: tf.Tensor): tf.Tensor =>
    tf.matMul(tf.reshape(x, [-1, from]), resize, false, true);
  const columns = resizeLast(tf.transpose(maps, [0, 2, 1]));
  const swapped = tf.transpose(tf.reshape(columns, [batch, from, to]), [0, 2, 1]);
  return tf.reshape(resizeLast(swapped), resized);
}

/**
 * The maximum of each map. Where several pixels share it, and around a lone cell of a map they do, each
 * takes an even part of its gradient, as with PyTorch's `amax`: together they move the maximum by as
 * much as one pixel alone would. `tf.max` gives the whole gradient to each of them.
 *
 * @param maps [B, S, S]
 * @returns [B, 1, 1]
 */
export function computePeaks(maps: tf.Tensor3D): tf.Tensor3D {
  return tf.customGrad((...inputs) => {
    const [values, save] = inputs as unknown as [tf.Tensor3D, tf.GradSaveFunc];
    const peaks = tf.max(values, [1, 2], true);
    save([values, peaks]);
    return {
      value: peaks,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, peak] = saved as [tf.Tensor3D, tf.Tensor3D];
        const isPeak = stopGradient(tf.cast(tf.equal(x, peak), 'float32'));
        return tf.mul(isPeak, tf.div(dy, tf.sum(isPeak, [1, 2], true)));
      },
    };
  })(maps) as tf.Tensor3D;
}

/**
 * The map at the input's size: U = max(0, R M R^T), cam = U / (max U + 1e-7). Where U is 0 its gradient
 * is 0 here and 1 with PyTorch's `clamp_min`; both come to the same, since it then goes to cells that M's
 * own ReLU has at 0.
 *
 * @param camMap [B, h, h], square
 * @returns cam [B, imageSize, imageSize] in [0, 1]
 */
export function computeCam(camMap: tf.Tensor3D, imageSize: number): tf.Tensor3D {
  const [, height, width] = camMap.shape;
  tf.util.assert(height === width, () => `computeCam: the map is ${height}x${width}, not square`);
  const matrix = bicubicMatrix(imageSize, width);
  const resize = tf.tensor2d(matrix, [imageSize, width]);
  const upsampled = tf.relu(resizeMaps(camMap, resize));
  const scale = tf.reciprocal(tf.add(computePeaks(upsampled), camEpsilon));
  return tf.mul(upsampled, scale);
}
