import * as tf from '@tensorflow/tfjs';

/*
 * A convolution of each channel by a kernel of its own, [k, k, C, 1] with k odd, in the middle of zeros.
 * tfjs cannot differentiate its gradients; here each is made of the same two kernels, so that all can be.
 */

const attributes = { strides: 1, pad: 'same', dilations: 1 };

const run = (kernel: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor =>
  tf.engine().runKernel<tf.Tensor>(kernel, inputs, { ...attributes, ...more });

/** Turned by half a turn. */
const turn = (kernel: tf.Tensor): tf.Tensor => tf.reverse(kernel, [0, 1]);

/** x [B, H, W, C], kernel [k, k, C, 1] -> [B, H, W, C] */
export function depthwiseConv2d(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  return tf.customGrad((...given) => {
    const [images, filter, save] = given as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([images, filter]);
    return {
      value: run('DepthwiseConv2dNative', { x: images, filter }, { dataFormat: 'NHWC' }),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [xs, filters] = saved as [tf.Tensor4D, tf.Tensor4D];
        const dx = depthwiseConv2d(dy as tf.Tensor4D, turn(filters) as tf.Tensor4D);
        return [dx, kernelGradient(xs, dy as tf.Tensor4D, filters.shape)];
      },
    };
  })(x, kernel) as tf.Tensor4D;
}

/** The gradient by the kernel, given that by the output: for each tap the sum of x under it times dy. */
function kernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: tf.Tensor4D['shape'],
): tf.Tensor {
  return tf.customGrad((...given) => {
    const [images, outputs, save] = given as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([images, outputs]);
    const inputs = { x: images, dy: outputs };
    return {
      value: run('DepthwiseConv2dNativeBackpropFilter', inputs, { filterShape }),
      gradFunc: (g: tf.Tensor, saved: tf.Tensor[]) => {
        const [xs, dys] = saved as [tf.Tensor4D, tf.Tensor4D];
        const byX = depthwiseConv2d(dys, turn(g) as tf.Tensor4D);
        return [byX, depthwiseConv2d(xs, g as tf.Tensor4D)];
      },
    };
  })(x, dy);
}
