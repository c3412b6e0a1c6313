import { flipKernel } from '../convolution/convolution.ts';
import { convolveDepthwise } from '../convolution/depthwiseConvolution.ts';
import { addDepthwiseImages } from '../convolution/depthwiseGradient.ts';
import { convolveFrames } from '../convolution/framedConvolution.ts';
import { addImages } from '../convolution/kernelGradient.ts';
import { addBlocks, convolveBlocks } from '../convolution/tiledConvolution.ts';
import { scaleBatchNorm, scaleBatchNormGradient } from '../layers/batchNormTasks.ts';
import { layerNorm } from '../layers/tokenTasks.ts';
import { multiplyPanels } from '../matrix/panels.ts';
import { addLines, sumGroups } from '../tensors/sums.ts';
import { splits } from './splits.ts';
import type { Task } from './tasks.ts';

/** All that threads can share, by name; the same table on every thread. */
export const tasks = {
  ...splits,
  flipKernel,
  convolveBlocks,
  addBlocks,
  convolveFrames,
  convolveDepthwise,
  addDepthwiseImages,
  addImages,
  multiplyPanels,
  layerNorm,
  sumGroups,
  addLines,
  scaleBatchNorm,
  scaleBatchNormGradient,
} as const satisfies Record<string, Task>;

export type TaskName = keyof typeof tasks;
export type TaskArguments<Name extends TaskName> = Readonly<
  Record<(typeof tasks)[Name]['parameters'][number], number>
>;

/** Their names in an order that all threads agree on. */
export const taskNames = Object.keys(tasks) as TaskName[];
