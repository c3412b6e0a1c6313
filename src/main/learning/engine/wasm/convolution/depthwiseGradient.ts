import type * as tf from '@tensorflow/tfjs';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { defineOrderedTask, placeParameters, usePlace } from '../threads/tasks.ts';
import { addInTurn, borrowTurns } from '../threads/turns.ts';
import { depthwiseSizes, planFrame } from './depthwiseConvolution.ts';
import { fillFrames, lengthOf, type Frame } from './frames.ts';

/** Of the output, as wide as the input's: there the input under an output lies at one distance for all outputs. */
const planOutput = (input: Omit<Frame, 'address'>, height: number): Omit<Frame, 'address'> => ({
  ...input,
  ...{ height, top: 0, left: 0 },
});

/**
 * gradient [side, side, channels] += that of images, in their order, so that each tap is one sum over an image.
 * Images take turns to add to a line of taps.
 */
export const addDepthwiseImages = defineOrderedTask(
  [...depthwiseSizes, 'x', 'dy', 'gradient', 'turns', ...placeParameters],
  (compute, args, from, to) => {
    const { height, width, channels, side, gradient } = args;
    const input = planFrame(args);
    const output = planOutput(input, height);
    const address = usePlace(compute, args, lengthOf(input) + lengthOf(output));
    const [inFrame, outFrame] = [
      { ...input, address },
      { ...output, address: address + lengthOf(input) * floatBytes },
    ];
    const image = { height, width, channels };
    const [imageBytes, pixelBytes] = [lengthOf(image) * floatBytes, channels * floatBytes];
    for (let i = from; i < to; i += 1) {
      addInTurn(compute.integersAt(args.turns, side), i, {
        prepare() {
          fillFrames(compute, 1, { ...image, address: args.x + i * imageBytes }, inFrame);
          fillFrames(compute, 1, { ...image, address: args.dy + i * imageBytes }, outFrame);
        },
        add(line) {
          for (let column = 0; column < side; column += 1) {
            compute.functions.sumProducts({
              x: inFrame.address + (line * input.width + column) * pixelBytes,
              dy: outFrame.address,
              sum: gradient + (line * side + column) * pixelBytes,
              rows: (height - 1) * input.width + width,
              bytes: pixelBytes,
              step: 0,
            });
          }
        },
      });
    }
  },
);

/**
 * x and dy [B, H, W, C] -> the gradient [k, k, C, 1] by the kernel of a depthwise convolution with k odd and
 * zeros around the image.
 */
function computeKernelGradient({
  instance,
  input,
  attributes,
}: KernelCall<{ filterShape: number[] }>): tf.TensorInfo {
  const [x, dy] = [input('x'), input('dy')];
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const { filterShape } = attributes;
  const [side = 1] = filterShape;
  const result = instance.makeOutput(filterShape);
  const gradient = instance.addressOf(result);
  instance.divided.clear({ out: gradient, bytes: side * side * channels * floatBytes });
  const sizes = { height, width, channels, side };
  const frame = planFrame(sizes);
  const length = lengthOf(frame) + lengthOf(planOutput(frame, height));
  borrowTurns(instance, side, (turns) => {
    instance.borrowPlaces(length, (places) => {
      const addresses = { x: instance.addressOf(x), dy: instance.addressOf(dy), gradient };
      const args = { ...sizes, ...addresses, turns, ...places };
      instance.run('addDepthwiseImages', args, batch);
    });
  });
  return result;
}

export function registerDepthwiseGradient(): void {
  registerKernel('DepthwiseConv2dNativeBackpropFilter', computeKernelGradient);
}
