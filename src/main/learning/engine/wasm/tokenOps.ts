import * as tf from '@tensorflow/tfjs';
import { differentiableGelu } from '../gelu.ts';
import { composeLayerNormGradient } from '../layerNorm.ts';
import { tokenKernels } from './layers/tokenKernels.ts';

const gelu = differentiableGelu((x, order) =>
  tf.engine().runKernel<tf.Tensor>(tokenKernels.gelu, { x }, { order }),
);

/** x Φ(x) */
export const computeGelu = <T extends tf.Tensor>(x: T): T => gelu(x, 0) as T;

const fusedGradient: typeof composeLayerNormGradient = (dy, x, gamma) =>
  tf
    .engine()
    .runKernel<[tf.Tensor, tf.Tensor, tf.Tensor]>(tokenKernels.layerNormGradient, { dy, x, gamma });

/** x [..., K], gamma [K], beta [K] -> [..., K] */
export function computeLayerNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
): T {
  return tf.customGrad((...given) => {
    const [values, scale, shift, save] = given as unknown as [
      ...[tf.Tensor, tf.Tensor, tf.Tensor],
      tf.GradSaveFunc,
    ];
    save([values, scale]);
    const inputs = { x: values, gamma: scale, beta: shift };
    return {
      value: tf.engine().runKernel<tf.Tensor>(tokenKernels.layerNorm, inputs),
      gradFunc: (dy: tf.Tensor, [saved, scales]: tf.Tensor[]) => {
        // A tape that records the backward pass is there to differentiate it once more.
        const differentiate = tf.engine().isTapeOn() ? composeLayerNormGradient : fusedGradient;
        return differentiate(dy, saved as tf.Tensor, scales as tf.Tensor);
      },
    };
  })(x, gamma, beta) as T;
}
