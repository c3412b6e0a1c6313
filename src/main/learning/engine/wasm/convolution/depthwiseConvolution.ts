import type * as tf from '@tensorflow/tfjs';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { defineTask, placeParameters, usePlace } from '../threads/tasks.ts';
import { fillFrames, lengthOf, type Frame } from './frames.ts';

/** Images of a depthwise convolution with zeros around them, and the side of its kernel, which is odd. */
export const depthwiseSizes = ['height', 'width', 'channels', 'side'] as const;
type Sizes = Record<(typeof depthwiseSizes)[number], number>;

/** An image with the zeros around it that the convolution reads. */
export const planFrame = ({ height, width, channels, side }: Sizes): Omit<Frame, 'address'> => ({
  height: height + side - 1,
  width: width + side - 1,
  channels,
  top: (side - 1) / 2,
  left: (side - 1) / 2,
});

/** y = x convolved channel by channel, an image a unit, each in the frame of its thread. */
export const convolveDepthwise = defineTask(
  [...depthwiseSizes, 'x', 'kernel', 'y', ...placeParameters],
  (compute, args, from, to) => {
    const { side, x, kernel, y, ...image } = args;
    const plan = planFrame(args);
    const address = usePlace(compute, args, lengthOf(plan));
    const frame = { ...plan, address };
    const { height, width } = image;
    const [imageBytes, pixelBytes] = [lengthOf(image) * floatBytes, image.channels * floatBytes];
    for (let i = from; i < to; i += 1) {
      fillFrames(compute, 1, { ...image, address: x + i * imageBytes }, frame);
      compute.functions.depthwiseProduct({
        ...{ x: frame.address, xLine: frame.width * pixelBytes, pixelBytes },
        ...{ kernel, side, y: y + i * imageBytes, height, width },
      });
    }
  },
);

interface Attributes {
  strides: number | [number, number];
  dilations: number | [number, number];
  pad: unknown;
  dataFormat: string;
}

const isOne = (step: number | [number, number]): boolean => [step].flat().every((n) => n === 1);

/** x [B, H, W, C], filter [k, k, C, 1] -> [B, H, W, C] */
function convolve(call: KernelCall<Attributes>): tf.TensorInfo {
  const { instance, input, attributes } = call;
  const [x, filter] = [input('x'), input('filter')];
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [side = 0, across, , multiplier] = filter.shape;
  const { strides, dilations, pad, dataFormat } = attributes;
  const isPlain = isOne(strides) && isOne(dilations) && pad === 'same' && dataFormat === 'NHWC';
  if (!isPlain || side % 2 === 0 || across !== side || multiplier !== 1) return call.fallBack();
  const y = instance.makeOutput(x.shape);
  const image = { height, width, channels, side };
  instance.borrowPlaces(lengthOf(planFrame(image)), (places) => {
    const addresses = {
      x: instance.addressOf(x),
      kernel: instance.addressOf(filter),
      y: instance.addressOf(y),
    };
    instance.run('convolveDepthwise', { ...image, ...addresses, ...places }, batch);
  });
  return y;
}

export function registerDepthwiseConvolution(): void {
  registerKernel('DepthwiseConv2dNative', convolve);
}
