import { convolutionSizes, type Convolution } from './convolution.ts';
import { clearFrames, fillFrames, lengthOf, type Frame } from './frames.ts';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { defineTask } from '../threads/tasks.ts';
import { inputImages, outputImages, type Operands } from './tiledConvolution.ts';

/**
 * Frames of one width for the input and the output of a convolution: there the input under an output
 * lies at the same distance for all outputs, so that each row of the kernel is a product of two matrices.
 */
function planFrames(c: Convolution): {
  input: Omit<Frame, 'address'>;
  output: Omit<Frame, 'address'>;
} {
  const width = c.outWidth + c.kernelWidth - 1;
  return {
    input: {
      height: c.outHeight + c.kernelHeight - 1,
      width,
      channels: c.inChannels,
      top: c.padTop,
      left: c.padLeft,
    },
    output: { height: c.outHeight, width, channels: c.outChannels, top: 0, left: 0 },
  };
}

const parameters = [
  ...convolutionSizes,
  'x',
  'kernel',
  'y',
  /** The first of the images in work, and their number. */
  'firstImage',
  'images',
  'memory',
] as const;

/** The frames of image number `image` of those in work. */
function placeFrames(
  args: Readonly<Record<(typeof parameters)[number], number>>,
  image: number,
): { input: Frame; output: Frame } {
  const { input, output } = planFrames(args);
  const [inLength, outLength] = [lengthOf(input), lengthOf(output)];
  const address = args.memory + image * (inLength + outLength) * floatBytes;
  return {
    input: { ...input, address },
    output: { ...output, address: address + inLength * floatBytes },
  };
}

/** Copies images of x and of y's gradient into frames. */
export const frameImages = defineTask(parameters, (compute, args, from, to) => {
  for (let image = from; image < to; image += 1) {
    const { input, output } = placeFrames(args, image);
    // The borders of later images are those of the first ones.
    if (args.firstImage === 0) {
      clearFrames(compute, input, 1);
      clearFrames(compute, output, 1);
    }
    const index = args.firstImage + image;
    fillFrames(compute, 1, inputImages(args, args.x, index), input);
    fillFrames(compute, 1, outputImages(args, args.y, index), output);
  }
});

/** Outputs of the kernel that are a unit: as many as a tile of the product has columns. */
const unitColumns = 8;

/** kernel += the gradients of the images in work, image by image, for some of its outputs. */
export const addFrames = defineTask(parameters, (compute, args, from, to) => {
  const outBytes = args.outChannels * floatBytes;
  const rows = args.kernelWidth * args.inChannels;
  const first = from * unitColumns;
  for (let image = 0; image < args.images; image += 1) {
    const { input, output } = placeFrames(args, image);
    compute.functions.productOfTransposed({
      a: input.address,
      aLine: args.inChannels * floatBytes,
      aPlane: input.width * args.inChannels * floatBytes,
      b: output.address + first * floatBytes,
      bLine: outBytes,
      bPlane: 0,
      c: args.kernel + first * floatBytes,
      cLine: outBytes,
      cPlane: rows * outBytes,
      planes: args.kernelHeight,
      rows,
      depth: (args.outHeight - 1) * output.width + args.outWidth,
      columns: Math.min(args.outChannels, to * unitColumns) - first,
      accumulate: args.firstImage + image === 0 ? 0 : 1,
    });
  }
});

/**
 * kernel = the gradient by the kernel, given y's gradient in `y`, for any convolution with stride 1.
 */
export function computeKernelGradient(
  instance: WasmInstance,
  c: Convolution,
  operands: Operands,
): void {
  const { input, output } = planFrames(c);
  const { threads } = instance;
  const atOnce = Math.min(c.batch, threads === 1 ? 1 : 8 * threads);
  instance.borrow([atOnce * (lengthOf(input) + lengthOf(output))] as const, (memory) => {
    for (let firstImage = 0; firstImage < c.batch; firstImage += atOnce) {
      const images = Math.min(atOnce, c.batch - firstImage);
      const args = { ...c, ...operands, firstImage, images, memory };
      instance.run('frameImages', args, images);
      instance.run('addFrames', args, Math.ceil(c.outChannels / unitColumns));
    }
  });
}
