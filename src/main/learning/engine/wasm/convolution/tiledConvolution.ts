import { convolutionSizes, type Convolution } from './convolution.ts';
import { fillFrames, readFrames, type Images, lengthOf } from './frames.ts';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { defineTask, placeParameters, usePlace, type Compute } from '../threads/tasks.ts';
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

/** y = x convolved by the kernel, block by block. */
export const convolveBlocks = defineTask(
  [...convolutionSizes, 'x', 'y', 'kernelPlanes', 'images', ...placeParameters],
  (compute, args, from, to) => {
    const { images, kernelPlanes, ...c } = args;
    const [inFrames, outFrames, inPlanes] = lengthsOfWork(c, images);
    const frames = usePlace(compute, args, inFrames);
    const planesAt = frames + (inFrames + outFrames) * floatBytes;
    const places = { frames, inPlanes: planesAt, outPlanes: planesAt + inPlanes * floatBytes };
    const work = placeWork(c, places, images);
    const [inBytes, outBytes] = [c.inChannels * floatBytes, c.outChannels * floatBytes];
    for (let block = from; block < to; block += 1) {
      const [first, count] = imagesOf(c, block, images);
      transformInputs(compute, c, work, args.x, [first, count]);
      compute.functions.product({
        a: work.inPlanes,
        aLine: inBytes,
        aPlane: planeBytes(work, count, c.inChannels),
        b: kernelPlanes,
        bLine: outBytes,
        bPlane: c.inChannels * outBytes,
        c: work.outPlanes,
        cLine: outBytes,
        cPlane: planeBytes(work, count, c.outChannels),
        planes,
        rows: count * work.lines * work.perLine,
        depth: c.inChannels,
        columns: c.outChannels,
        accumulate: 0,
      });
      planesToFrames(compute.functions.transformOutput, work, work.outPlanes, work.output, count);
      readFrames(compute, count, work.output, outputImages(c, args.y, first));
    }
  },
);

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

const gradientParameters = [
  ...convolutionSizes,
  'x',
  'y',
  'images',
  /** The first of the blocks in work, and their number. */
  'firstBlock',
  'blocks',
  'planesAddress',
  /** For the frames of a block. */
  ...placeParameters,
  'kernelPlanes',
] as const;

/** Block number `block` of those in work, with planes of its own and frames at an address. */
function placeGradientWork(
  args: Readonly<Record<(typeof gradientParameters)[number], number>>,
  frames: number,
  block: number,
): TileWork {
  const [, , inPlanes, outPlanes] = lengthsOfWork(args, args.images);
  const planesAt = args.planesAddress + block * (inPlanes + outPlanes) * floatBytes;
  const places = {
    frames,
    inPlanes: planesAt,
    outPlanes: planesAt + inPlanes * floatBytes,
  };
  return placeWork(args, places, args.images);
}

/** Transforms blocks of x and of y's gradient into planes. */
export const spreadBlocks = defineTask(gradientParameters, (compute, args, from, to) => {
  const [inFrames, outFrames] = lengthsOfWork(args, args.images);
  const frames = usePlace(compute, args, inFrames + outFrames);
  for (let block = from; block < to; block += 1) {
    const work = placeGradientWork(args, frames, block);
    const [first, count] = imagesOf(args, args.firstBlock + block, args.images);
    transformInputs(compute, args, work, args.x, [first, count]);
    fillFrames(compute, count, outputImages(args, args.y, first), work.output);
    framesToPlanes(compute.functions.spreadOutput, work, work.output, work.outPlanes, count);
  }
});

/** Adds what blocks say of the kernel's planes, in the order of the blocks. */
export const addPlanes = defineTask(gradientParameters, (compute, args, from, to) => {
  const [inBytes, outBytes] = [args.inChannels * floatBytes, args.outChannels * floatBytes];
  const cPlane = args.inChannels * outBytes;
  for (let block = 0; block < args.blocks; block += 1) {
    const work = placeGradientWork(args, args.memory, block);
    const [, count] = imagesOf(args, args.firstBlock + block, args.images);
    const aPlane = planeBytes(work, count, args.inChannels);
    const bPlane = planeBytes(work, count, args.outChannels);
    compute.functions.productOfTransposed({
      a: work.inPlanes + from * aPlane,
      aLine: inBytes,
      aPlane,
      b: work.outPlanes + from * bPlane,
      bLine: outBytes,
      bPlane,
      c: args.kernelPlanes + from * cPlane,
      cLine: outBytes,
      cPlane,
      planes: to - from,
      rows: args.inChannels,
      depth: count * work.lines * work.perLine,
      columns: args.outChannels,
      accumulate: args.firstBlock + block === 0 ? 0 : 1,
    });
  }
});

/** Floats that planes of blocks in work may take, whatever the number of threads: 64 MiB. */
const mostPlanes = 2 ** 24;

/** kernel = the gradient by the kernel, given y's gradient in `y`, for a convolution that `canTile`. */
export function computeKernelGradientInTiles(
  instance: WasmInstance,
  c: Convolution,
  operands: Operands,
): void {
  const { threads } = instance;
  const images = chooseBlock(c, threads);
  const [inFrames, outFrames, ...planeLengths] = lengthsOfWork(c, images);
  const perBlock = sumOf(planeLengths);
  const total = Math.ceil(c.batch / images);
  const wanted = Math.min(total, threads === 1 ? 1 : 2 * threads);
  const atOnce = Math.max(1, Math.min(wanted, Math.floor(mostPlanes / perBlock)));
  const kernelLength = planes * c.inChannels * c.outChannels;
  instance.borrow([kernelLength, atOnce * perBlock] as const, (kernelPlanes, planesAddress) => {
    instance.borrowPlaces(inFrames + outFrames, (places) => {
      for (let firstBlock = 0; firstBlock < total; firstBlock += atOnce) {
        const blocks = Math.min(atOnce, total - firstBlock);
        const { x, y } = operands;
        const sizes = { images, firstBlock, blocks };
        const args = { ...c, x, y, ...sizes, kernelPlanes, planesAddress, ...places };
        instance.run('spreadBlocks', args, blocks);
        instance.run('addPlanes', { ...args, byPart: 0 }, planes);
      }
    });
    const from = { address: kernelPlanes, side: tileInput };
    const to = { address: operands.kernel, side: kernelSize };
    instance.divided.gatherKernel(kernelTile(c, from, to));
  });
}
