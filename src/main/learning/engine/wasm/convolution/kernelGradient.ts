import { convolutionSizes, type Convolution } from './convolution.ts';
import { fillFrames, lengthOf, type Frame } from './frames.ts';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import type { Compute } from '../threads/compute.ts';
import {
  defineOrderedTask,
  placeParameters,
  usePlace,
  type PlaceArguments,
} from '../threads/tasks.ts';
import { addInTurn, borrowTurns } from '../threads/turns.ts';
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

/** Frames of one image in the caller's place, whose borders are 0. */
function placeFrames(
  compute: Compute,
  args: Convolution & PlaceArguments,
): { input: Frame; output: Frame } {
  const { input, output } = planFrames(args);
  const [inLength, outLength] = [lengthOf(input), lengthOf(output)];
  const address = usePlace(compute, args, inLength + outLength);
  return {
    input: { ...input, address },
    output: { ...output, address: address + inLength * floatBytes },
  };
}

/** Outputs of the kernel that images take turns to add to: as many as a tile of the product has columns. */
const columnsPerTurn = 8;

/** kernel += the gradients of images, in their order. */
export const addImages = defineOrderedTask(
  [...convolutionSizes, 'x', 'kernel', 'y', 'turns', ...placeParameters],
  (compute, args, from, to) => {
    const { input, output } = placeFrames(compute, args);
    const groups = Math.ceil(args.outChannels / columnsPerTurn);
    const turns = compute.integersAt(args.turns, groups);
    const [inBytes, outBytes] = [args.inChannels * floatBytes, args.outChannels * floatBytes];
    const rows = args.kernelWidth * args.inChannels;
    for (let image = from; image < to; image += 1) {
      addInTurn(turns, image, {
        prepare() {
          fillFrames(compute, 1, inputImages(args, args.x, image), input);
          fillFrames(compute, 1, outputImages(args, args.y, image), output);
        },
        add(turn) {
          const first = turn * columnsPerTurn;
          compute.functions.productOfTransposed({
            a: input.address,
            aLine: inBytes,
            aPlane: input.width * inBytes,
            b: output.address + first * floatBytes,
            bLine: outBytes,
            bPlane: 0,
            c: args.kernel + first * floatBytes,
            cLine: outBytes,
            cPlane: rows * outBytes,
            planes: args.kernelHeight,
            rows,
            depth: (args.outHeight - 1) * output.width + args.outWidth,
            columns: Math.min(args.outChannels - first, columnsPerTurn),
            accumulate: image === 0 ? 0 : 1,
          });
        },
      });
    }
  },
);

/**
 * kernel = the gradient by the kernel, given y's gradient in `y`, for any convolution with stride 1.
 */
export function computeKernelGradient(
  instance: WasmInstance,
  c: Convolution,
  operands: Operands,
): void {
  const { input, output } = planFrames(c);
  borrowTurns(instance, Math.ceil(c.outChannels / columnsPerTurn), (turns) => {
    instance.borrowPlaces(lengthOf(input) + lengthOf(output), (places) => {
      instance.run('addImages', { ...c, ...operands, turns, ...places }, c.batch);
    });
  });
}
