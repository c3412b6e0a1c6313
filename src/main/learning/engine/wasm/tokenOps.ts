import * as tf from '@tensorflow/tfjs';
import { differentiableGelu } from '../gelu.ts';
import { composeLayerNormGradient } from '../layerNorm.ts';
import { tokenKernels } from './layers/tokenKernels.ts';

const gelu = differentiableGelu((x, order) =>
  tf.engine().runKernel<tf.Tensor>(tokenKernels.gelu, { x }, { order }),
);

/** Whether a gradient is being recorded; one that records a backward pass differentiates it once more. */
const isRecording = (): boolean => tf.engine().isTapeOn();

/** x Φ(x); where a gradient will be asked for, its slope is made along with it. */
export function computeGelu<T extends tf.Tensor>(x: T): T {
  if (!isRecording()) return gelu(x, 0) as T;
  return tf.customGrad((...given) => {
    const [values, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [value, slope] = tf
      .engine()
      .runKernel<[tf.Tensor, tf.Tensor]>(tokenKernels.geluWithSlope, { x: values });
    save([values, slope]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [inputs, slopes] = saved as [tf.Tensor, tf.Tensor];
        return tf.mul(dy, isRecording() ? gelu(inputs, 1) : slopes);
      },
    };
  })(x) as T;
}

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
        const differentiate = isRecording() ? composeLayerNormGradient : fusedGradient;
        return differentiate(dy, saved as tf.Tensor, scales as tf.Tensor);
      },
    };
  })(x, gamma, beta) as T;
}
