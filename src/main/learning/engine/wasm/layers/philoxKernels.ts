import * as tf from '@tensorflow/tfjs';
import type { PhiloxCounter, PhiloxKey } from '../../../../../core/philox.ts';
import { registerKernel, type KernelCall } from '../register.ts';

/** Kernels without inputs that draw random tensors, whose gradient is nobody's. */
export const philoxKernels = {
  words: 'AfterimagePhiloxWords',
  mask: 'AfterimagePhiloxMask',
} as const;

/** Element i is made of word i % 4 of block `counter` + floor(i / 4). */
interface Draw {
  key: PhiloxKey;
  counter: PhiloxCounter;
  shape: readonly number[];
}

const wordBytes = 4;

function describeDraw({ key: [key0, key1], counter: [c0, c1, c2, c3], shape }: Draw) {
  const bytes = tf.util.sizeFromShape([...shape]) * wordBytes;
  return { key0, key1, c0, c1, c2, c3, first: 0, bytes };
}

/** -> int32, of `shape` */
function drawWords({ instance, attributes }: KernelCall<Draw>): tf.TensorInfo {
  const words = instance.makeOutput(attributes.shape, 'int32');
  instance.divided.philoxWords({
    ...describeDraw(attributes),
    out: instance.addressOf(words),
  });
  return words;
}

/** The bits of a float32, as an integer. */
const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;

/** -> float32, of `shape`: `scale` where the word, as a signed integer, is below `threshold`, else 0 */
function drawMask({
  instance,
  attributes,
}: KernelCall<Draw & { threshold: number; scale: number }>): tf.TensorInfo {
  const mask = instance.makeOutput(attributes.shape);
  instance.divided.philoxMask({
    ...describeDraw(attributes),
    out: instance.addressOf(mask),
    threshold: attributes.threshold,
    scale: bitsOf(attributes.scale),
  });
  return mask;
}

export function registerPhilox(): void {
  registerKernel(philoxKernels.words, drawWords);
  registerKernel(philoxKernels.mask, drawMask);
}
