import { convolutionSizes, type Convolution } from './convolution.ts';
import { fillFrames, lengthOf, type Frame } from './frames.ts';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { defineTask, placeParameters, usePlace } from '../threads/tasks.ts';
import { inputImages, outputImages, type Operands } from './tiledConvolution.ts';

/** An image with the zeros around it that a convolution reads. */
const planFrame = (c: Convolution): Omit<Frame, 'address'> => ({
  height: c.outHeight + c.kernelHeight - 1,
  width: c.outWidth + c.kernelWidth - 1,
  channels: c.inChannels,
  top: c.padTop,
  left: c.padLeft,
});

/**
 * y = x convolved by the kernel, image by image: what lies under the outputs of a line is a matrix whose
 * rows overlap, so that each row of the kernel is a product for every line. Terms are added in the order
 * of the kernel's elements, as tfjs's own kernel adds them.
 */
export const convolveFrames = defineTask(
  [...convolutionSizes, 'x', 'kernel', 'y', ...placeParameters],
  (compute, args, from, to) => {
    const plan = planFrame(args);
    const address = usePlace(compute, args, lengthOf(plan));
    const frame = { ...plan, address };
    const [pixelBytes, outBytes] = [args.inChannels * floatBytes, args.outChannels * floatBytes];
    const depth = args.kernelWidth * args.inChannels;
    for (let image = from; image < to; image += 1) {
      fillFrames(compute, 1, inputImages(args, args.x, image), frame);
      for (let row = 0; row < args.kernelHeight; row += 1) {
        compute.functions.product({
          a: address + row * frame.width * pixelBytes,
          aLine: pixelBytes,
          aPlane: frame.width * pixelBytes,
          b: args.kernel + row * depth * outBytes,
          bLine: outBytes,
          bPlane: 0,
          c: outputImages(args, args.y, image).address,
          cLine: outBytes,
          cPlane: args.outWidth * outBytes,
          planes: args.outHeight,
          rows: args.outWidth,
          depth,
          columns: args.outChannels,
          accumulate: row === 0 ? 0 : 1,
        });
      }
    }
  },
);

/** y = x convolved by the kernel, for any convolution with stride 1 that pads with nothing but zeros. */
export function convolveInFrames(instance: WasmInstance, c: Convolution, operands: Operands): void {
  instance.borrowPlaces(lengthOf(planFrame(c)), (places) => {
    instance.run('convolveFrames', { ...c, ...operands, ...places }, c.batch);
  });
}
