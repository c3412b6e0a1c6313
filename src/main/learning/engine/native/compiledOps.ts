import * as tf from '@tensorflow/tfjs';
import { composeBatchNormGradient, takeFirstMaximum, type Reductions } from '../ops.ts';
import { NativeOps, normalizeByMoments, type Normalized } from './nativeOps.ts';

/**
 * As elsewhere, but no reshape joins the axis of the channels with another one: XLA lays images out by channel
 * and would transpose them for it.
 */
const sum = (x: tf.Tensor): tf.Tensor1D => tf.sum(tf.sum(x, 0), [0, 1]);
const reductions: Reductions = {
  average: (x) => tf.div(sum(x), x.size / (x.shape.at(-1) ?? 1)),
  sum,
};

/** The four cells of each 2x2 window, row by row, each [B, H/2, W/2, K]; an odd last row or column is left out. */
function windowCells(x: tf.Tensor4D): tf.Tensor4D[] {
  const [batch, fullHeight, fullWidth, channels] = x.shape;
  const [height, width] = [Math.floor(fullHeight / 2), Math.floor(fullWidth / 2)];
  const even = tf.slice(x, [0, 0, 0, 0], [batch, 2 * height, 2 * width, channels]);
  const windows = tf.reshape(even, [batch, height, 2, width, 2, channels]);
  return [0, 1, 2, 3].map((cell) => {
    const first = [0, 0, cell >> 1, 0, cell & 1, 0];
    const one = tf.slice(windows, first, [batch, height, 1, width, 1, channels]);
    return tf.reshape(one, [batch, height, width, channels]);
  });
}

/** The operations as XLA compiles them well; what TensorFlow fuses by hand, XLA fuses by itself. */
export class CompiledOps extends NativeOps {
  /** XLA's own gradient adds in no fixed order on a GPU. */
  override maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
    return takeFirstMaximum(windowCells(x));
  }

  /** Of TensorFlow's fused kernels for a GPU, XLA takes the inverse deviation for the variance. */
  protected override normalize(...inputs: [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]): Normalized {
    return normalizeByMoments(...inputs, reductions.average);
  }

  protected override batchNormGradients(
    dy: tf.Tensor,
    x: tf.Tensor,
    gamma: tf.Tensor,
  ): tf.Tensor[] {
    const gradients = composeBatchNormGradient(dy, x, gamma, reductions);
    return [gradients.x, gradients.gamma, gradients.beta];
  }
}
