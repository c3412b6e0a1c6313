import type * as tf from '@tensorflow/tfjs';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { clearFrames, fillFrames, lengthOf } from './frames.ts';

/**
 * x and dy [B, H, W, C] -> the gradient [k, k, C, 1] by the kernel of a depthwise convolution with k odd and
 * zeros around the image. In frames of one width the input under an output lies at the same distance for
 * all outputs, so that each tap is one sum over an image.
 */
function computeKernelGradient({
  instance,
  input,
  attributes,
}: KernelCall<{ filterShape: number[] }>): tf.TensorInfo {
  const [x, dy] = [input('x'), input('dy')];
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const { filterShape } = attributes;
  const [size = 1] = filterShape;
  const gradient = instance.makeOutput(filterShape);
  const [border, bytes] = [(size - 1) / 2, channels * floatBytes];
  const shape = { width: width + size - 1, channels };
  const inFrame = { ...shape, height: height + size - 1, top: border, left: border };
  const outFrame = { ...shape, height, top: 0, left: 0 };
  instance.viewOf(instance.addressOf(gradient), size * size * channels).fill(0);
  instance.borrow([lengthOf(inFrame), lengthOf(outFrame)] as const, (inAddress, outAddress) => {
    const frames = [
      { frame: { ...inFrame, address: inAddress }, images: instance.addressOf(x) },
      { frame: { ...outFrame, address: outAddress }, images: instance.addressOf(dy) },
    ];
    for (const { frame } of frames) clearFrames(instance, frame, 1);
    const image = { height, width, channels };
    for (let i = 0; i < batch; i += 1) {
      for (const { frame, images } of frames) {
        const address = images + i * lengthOf(image) * floatBytes;
        fillFrames(instance, 1, { ...image, address }, frame);
      }
      for (let tap = 0; tap < size * size; tap += 1) {
        const distance = Math.floor(tap / size) * shape.width + (tap % size);
        instance.functions.sumProducts({
          x: inAddress + distance * bytes,
          dy: outAddress,
          sum: instance.addressOf(gradient) + tap * bytes,
          rows: (height - 1) * shape.width + width,
          bytes,
          step: 0,
        });
      }
    }
  });
  return gradient;
}

export function registerDepthwiseGradient(): void {
  registerKernel('DepthwiseConv2dNativeBackpropFilter', computeKernelGradient);
}
