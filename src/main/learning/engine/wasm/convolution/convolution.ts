import type * as tf from '@tensorflow/tfjs';
import { floatBytes } from '../module/moduleFunctions.ts';
import { defineTask } from '../threads/tasks.ts';

/** Sizes of a convolution with stride 1 over NHWC images. */
export const convolutionSizes = [
  'batch',
  'inHeight',
  'inWidth',
  'inChannels',
  'outHeight',
  'outWidth',
  'outChannels',
  'kernelHeight',
  'kernelWidth',
  'padTop',
  'padLeft',
  'padBottom',
  'padRight',
] as const;
export type Convolution = Record<(typeof convolutionSizes)[number], number>;

/** Null where a stride or a dilation is not 1, or channels do not come last. */
export function readConvolution(info: tf.backend_util.Conv2DInfo): Convolution | null {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  if ([strideHeight, strideWidth, dilationHeight, dilationWidth].some((step) => step !== 1)) {
    return null;
  }
  if (info.dataFormat !== 'channelsLast') return null;
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    padTop: padInfo.top,
    padLeft: padInfo.left,
    padBottom: padInfo.bottom,
    padRight: padInfo.right,
  };
}

/** The convolution of the output's gradient that gives the input's: its kernel is `flipKernel`'s. */
export const adjointOf = (convolution: Convolution): Convolution => ({
  ...convolution,
  inHeight: convolution.outHeight,
  inWidth: convolution.outWidth,
  inChannels: convolution.outChannels,
  outHeight: convolution.inHeight,
  outWidth: convolution.inWidth,
  outChannels: convolution.inChannels,
  padTop: convolution.kernelHeight - 1 - convolution.padTop,
  padLeft: convolution.kernelWidth - 1 - convolution.padLeft,
  padBottom: convolution.kernelHeight - 1 - convolution.padBottom,
  padRight: convolution.kernelWidth - 1 - convolution.padRight,
});

/**
 * [h, w, in, out] -> [h, w, out, in], turned by half a turn. Units are elements [in, out] of the kernel's
 * height and width.
 */
export const flipKernel = defineTask(
  ['kernel', 'flipped', 'taps', 'inChannels', 'outChannels'],
  ({ functions }, { kernel, flipped, taps, inChannels, outChannels }, from, to) => {
    const bytes = inChannels * outChannels * floatBytes;
    for (let tap = from; tap < to; tap += 1) {
      functions.transpose({
        source: kernel + tap * bytes,
        sourceLine: outChannels * floatBytes,
        target: flipped + (taps - 1 - tap) * bytes,
        rows: inChannels,
        columns: outChannels,
      });
    }
  },
);
