import type * as tf from '@tensorflow/tfjs';
import { composeBatchNormGradient, composedOps } from '../ops.ts';
import { NativeOps, normalizeByMoments, type Normalized } from './nativeOps.ts';

/** The operations as XLA compiles them well; what TensorFlow fuses by hand, XLA fuses by itself. */
export class CompiledOps extends NativeOps {
  /** XLA's own gradient adds in no fixed order on a GPU. */
  override maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
    return composedOps.maxPool2x2(x);
  }

  /** Of TensorFlow's fused kernels for a GPU, XLA takes the inverse deviation for the variance. */
  protected override normalize(...inputs: [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]): Normalized {
    return normalizeByMoments(...inputs);
  }

  protected override batchNormGradients(
    dy: tf.Tensor,
    x: tf.Tensor,
    gamma: tf.Tensor,
  ): tf.Tensor[] {
    const gradients = composeBatchNormGradient(dy, x, gamma);
    return [gradients.x, gradients.gamma, gradients.beta];
  }
}
