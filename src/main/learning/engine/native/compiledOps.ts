import * as tf from '@tensorflow/tfjs';
import { composeBatchNormGradient, composedOps } from '../ops.ts';
import type { Reductions } from '../reductions.ts';
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

/** The operations as XLA compiles them well; what TensorFlow fuses by hand, XLA fuses by itself. */
export class CompiledOps extends NativeOps {
  /** XLA's own gradient adds in no fixed order on a GPU. */
  override maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
    return composedOps.maxPool2x2(x);
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
