import type { Convolution } from './convolution.ts';
import { fillFrames, lengthOf, readFrames, type Images } from './frames.ts';
import { floatBytes, type WasmInstance } from '../module/instance.ts';
import {
  framesToPlanes,
  planeBytes,
  planes,
  planesToFrames,
  transformKernelTile,
  withTileWork,
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

/** Calls `run` for each block of images, with its first image and their number. */
function eachBlock(
  { imagesPerBlock }: TileWork,
  { batch }: Convolution,
  run: (first: number, count: number) => void,
): void {
  for (let first = 0; first < batch; first += imagesPerBlock) {
    run(first, Math.min(imagesPerBlock, batch - first));
  }
}

/** Copies images of x and transforms their tiles. */
function transformInputs(
  instance: WasmInstance,
  c: Convolution,
  work: TileWork,
  x: number,
  [first, count]: readonly [number, number],
): void {
  fillFrames(instance, count, inputImages(c, x, first), work.input);
  framesToPlanes(instance.functions.transformInput, work, work.input, work.inPlanes, count);
}

/** y = x convolved by the kernel, for a convolution that `canTile`. */
export function convolveTiles(instance: WasmInstance, c: Convolution, operands: Operands): void {
  const { transformKernel, transformOutput, product } = instance.functions;
  const [inBytes, outBytes] = [c.inChannels * floatBytes, c.outChannels * floatBytes];
  withTileWork(instance, c, (work) => {
    const [kernel, kernelPlanes] = [operands.kernel, work.kernelPlanes];
    transformKernelTile(
      transformKernel,
      c,
      { address: kernel, side: kernelSize },
      { address: kernelPlanes, side: tileInput },
    );
    eachBlock(work, c, (first, count) => {
      transformInputs(instance, c, work, operands.x, [first, count]);
      product({
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
      planesToFrames(transformOutput, work, work.outPlanes, work.output, count);
      readFrames(instance, count, work.output, outputImages(c, operands.y, first));
    });
  });
}

/** kernel = the gradient by the kernel, given y's gradient in `y`, for a convolution that `canTile`. */
export function computeKernelGradientInTiles(
  instance: WasmInstance,
  c: Convolution,
  operands: Operands,
): void {
  const { spreadOutput, gatherKernel, productOfTransposed } = instance.functions;
  const [inBytes, outBytes] = [c.inChannels * floatBytes, c.outChannels * floatBytes];
  withTileWork(instance, c, (work) => {
    eachBlock(work, c, (first, count) => {
      transformInputs(instance, c, work, operands.x, [first, count]);
      fillFrames(instance, count, outputImages(c, operands.y, first), work.output);
      framesToPlanes(spreadOutput, work, work.output, work.outPlanes, count);
      productOfTransposed({
        a: work.inPlanes,
        aLine: inBytes,
        aPlane: planeBytes(work, count, c.inChannels),
        b: work.outPlanes,
        bLine: outBytes,
        bPlane: planeBytes(work, count, c.outChannels),
        c: work.kernelPlanes,
        cLine: outBytes,
        cPlane: c.inChannels * outBytes,
        planes,
        rows: c.inChannels,
        depth: count * work.lines * work.perLine,
        columns: c.outChannels,
        accumulate: first === 0 ? 0 : 1,
      });
    });
    transformKernelTile(
      gatherKernel,
      c,
      { address: work.kernelPlanes, side: tileInput },
      { address: operands.kernel, side: kernelSize },
    );
  });
}
