import { convolutionSizes, type Convolution } from './convolution.ts';
import { fillFrames, readFrames, type Images, lengthOf } from './frames.ts';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import type { Compute } from '../threads/compute.ts';
import { defineOrderedTask, defineTask, placeParameters, usePlace } from '../threads/tasks.ts';
import { addInTurn, borrowTurns } from '../threads/turns.ts';
import {
  chooseBlock,
  framesToPlanes,
  kernelTile,
  lengthsOfWork,
  placeWork,
  planeBytes,
  planes,
  planesToFrames,
  type TileWork,
} from './tilePlan.ts';
import { kernelSize, tileInput } from './winograd.ts';

/*
 * Convolutions by a 3x3 kernel in tiles of 4x4 outputs (see winograd.ts): 36 multiplications where
 * the plain sum takes 144.
 */

/** Fewer channels than this do not repay the transforms. */
const leastChannels = 8;

export const canTile = (c: Convolution): boolean =>
  c.kernelHeight === kernelSize &&
  c.kernelWidth === kernelSize &&
  Math.min(c.inChannels, c.outChannels) >= leastChannels &&
  [c.padTop, c.padLeft, c.padBottom, c.padRight].every((pad) => pad >= 0 && pad < kernelSize);

/** Addresses of x [batch, in...], kernel [h, w, in, out] and y [batch, out...]. */
export interface Operands {
  x: number;
  kernel: number;
  y: number;
}

/** The images of x, or of y, from number `first` on. */
export const inputImages = (c: Convolution, address: number, first: number): Images => {
  const shape = { height: c.inHeight, width: c.inWidth, channels: c.inChannels };
  return { ...shape, address: address + first * lengthOf(shape) * floatBytes };
};
export const outputImages = (c: Convolution, address: number, first: number): Images => {
  const shape = { height: c.outHeight, width: c.outWidth, channels: c.outChannels };
  return { ...shape, address: address + first * lengthOf(shape) * floatBytes };
};

const sumOf = (lengths: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + length, 0);

/** The first image of a block, and the block's number of images. */
const imagesOf = ({ batch }: Convolution, block: number, images: number): [number, number] => {
  const first = block * images;
  return [first, Math.min(images, batch - first)];
};

/** Copies images of x and transforms their tiles. */
function transformInputs(
  compute: Compute,
  c: Convolution,
  work: TileWork,
  x: number,
  [first, count]: readonly [number, number],
): void {
  fillFrames(compute, count, inputImages(c, x, first), work.input);
  framesToPlanes(compute.functions.transformInput, work, work.input, work.inPlanes, count);
}

/** What is told of work on blocks of so many `images`. */
const blockParameters = [
  ...convolutionSizes,
  'x',
  'y',
  'kernelPlanes',
  'images',
  ...placeParameters,
] as const;

/** Where the caller has its planes, and its frames, of which those with a border of zeros are cleared. */
function placeOfThread(
  compute: Compute,
  args: Readonly<Record<(typeof blockParameters)[number], number>>,
  cleared: 'input' | 'both',
): TileWork {
  const [inFrames, outFrames, inPlanes] = lengthsOfWork(args, args.images);
  const frames = usePlace(compute, args, inFrames + (cleared === 'both' ? outFrames : 0));
  const planesAt = frames + (inFrames + outFrames) * floatBytes;
  const places = { frames, inPlanes: planesAt, outPlanes: planesAt + inPlanes * floatBytes };
  return placeWork(args, places, args.images);
}

/** y = x convolved by the kernel, block by block. */
export const convolveBlocks = defineTask(blockParameters, (compute, args, from, to) => {
  const work = placeOfThread(compute, args, 'input');
  const [inBytes, outBytes] = [args.inChannels * floatBytes, args.outChannels * floatBytes];
  for (let block = from; block < to; block += 1) {
    const [first, count] = imagesOf(args, block, args.images);
    transformInputs(compute, args, work, args.x, [first, count]);
    compute.functions.product({
      a: work.inPlanes,
      aLine: inBytes,
      aPlane: planeBytes(work, count, args.inChannels),
      b: args.kernelPlanes,
      bLine: outBytes,
      bPlane: args.inChannels * outBytes,
      c: work.outPlanes,
      cLine: outBytes,
      cPlane: planeBytes(work, count, args.outChannels),
      planes,
      rows: count * work.lines * work.perLine,
      depth: args.inChannels,
      columns: args.outChannels,
      accumulate: 0,
    });
    planesToFrames(compute.functions.transformOutput, work, work.outPlanes, work.output, count);
    readFrames(compute, count, work.output, outputImages(args, args.y, first));
  }
});

/** y = x convolved by the kernel, for a convolution that `canTile`. */
export function convolveTiles(instance: WasmInstance, c: Convolution, operands: Operands): void {
  const images = chooseBlock(c, instance.threads);
  instance.borrow([planes * c.inChannels * c.outChannels] as const, (kernelPlanes) => {
    const [from, to] = [
      { address: operands.kernel, side: kernelSize },
      { address: kernelPlanes, side: tileInput },
    ];
    instance.divided.transformKernel(kernelTile(c, from, to));
    const { x, y } = operands;
    instance.borrowPlaces(sumOf(lengthsOfWork(c, images)), (places) => {
      const args = { ...c, x, y, kernelPlanes, images, ...places };
      instance.run('convolveBlocks', args, Math.ceil(c.batch / images));
    });
  });
}

/** Planes of the kernel that blocks take turns to add to: a few, so that none waits long. */
const planesPerTurn = 3;

/** Adds what blocks of images say of the kernel's planes, in the order of the blocks. */
export const addBlocks = defineOrderedTask(
  [...blockParameters, 'turns'],
  (compute, args, from, to) => {
    const { kernelPlanes } = args;
    const work = placeOfThread(compute, args, 'both');
    const turns = compute.integersAt(args.turns, planes / planesPerTurn);
    const [inBytes, outBytes] = [args.inChannels * floatBytes, args.outChannels * floatBytes];
    for (let block = from; block < to; block += 1) {
      const [first, count] = imagesOf(args, block, args.images);
      const [aPlane, bPlane] = [
        planeBytes(work, count, args.inChannels),
        planeBytes(work, count, args.outChannels),
      ];
      const cPlane = args.inChannels * outBytes;
      addInTurn(turns, block, {
        prepare() {
          transformInputs(compute, args, work, args.x, [first, count]);
          fillFrames(compute, count, outputImages(args, args.y, first), work.output);
          const { spreadOutput } = compute.functions;
          framesToPlanes(spreadOutput, work, work.output, work.outPlanes, count);
        },
        add(turn) {
          const plane = turn * planesPerTurn;
          compute.functions.productOfTransposed({
            a: work.inPlanes + plane * aPlane,
            aLine: inBytes,
            aPlane,
            b: work.outPlanes + plane * bPlane,
            bLine: outBytes,
            bPlane,
            c: kernelPlanes + plane * cPlane,
            cLine: outBytes,
            cPlane,
            planes: planesPerTurn,
            rows: args.inChannels,
            depth: count * work.lines * work.perLine,
            columns: args.outChannels,
            accumulate: block === 0 ? 0 : 1,
          });
        },
      });
    }
  },
);

/** kernel = the gradient by the kernel, given y's gradient in `y`, for a convolution that `canTile`. */
export function computeKernelGradientInTiles(
  instance: WasmInstance,
  c: Convolution,
  operands: Operands,
): void {
  const images = chooseBlock(c, instance.threads);
  const { x, y } = operands;
  const kernelLength = planes * c.inChannels * c.outChannels;
  instance.borrow([kernelLength] as const, (kernelPlanes) => {
    borrowTurns(instance, planes / planesPerTurn, (turns) => {
      instance.borrowPlaces(sumOf(lengthsOfWork(c, images)), (places) => {
        const args = { ...c, x, y, kernelPlanes, images, turns, ...places };
        instance.run('addBlocks', args, Math.ceil(c.batch / images));
      });
    });
    const from = { address: kernelPlanes, side: tileInput };
    const to = { address: operands.kernel, side: kernelSize };
    instance.divided.gatherKernel(kernelTile(c, from, to));
  });
}
