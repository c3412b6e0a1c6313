import * as tf from '@tensorflow/tfjs';
import { positionLength } from '../../../../../core/stepDraws.ts';
import { readPosition } from '../../ops.ts';
import { registerKernel, type KernelCall } from '../register.ts';

/** Kernels that draw random tensors from `position` on, int32 [6], whose gradient is nobody's. */
export const philoxKernels = {
  words: 'AfterimagePhiloxWords',
  mask: 'AfterimagePhiloxMask',
} as const;

/** Element i is made of word i % 4 of block `counter` + floor(i / 4). */
interface Draw {
  shape: readonly number[];
}

const wordBytes = 4;

function describeDraw({ instance, input, attributes }: KernelCall<Draw>) {
  const address = instance.addressOf(input('position'));
  const position = instance.bytesOf(address, positionLength * wordBytes).slice();
  const { key, counter } = readPosition(new Int32Array(position.buffer));
  const [[key0, key1], [c0, c1, c2, c3]] = [key, counter];
  const bytes = tf.util.sizeFromShape([...attributes.shape]) * wordBytes;
  return { key0, key1, c0, c1, c2, c3, first: 0, bytes };
}

/** -> int32, of `shape` */
function drawWords(call: KernelCall<Draw>): tf.TensorInfo {
  const { instance, attributes } = call;
  const words = instance.makeOutput(attributes.shape, 'int32');
  instance.divided.philoxWords({
    ...describeDraw(call),
    out: instance.addressOf(words),
  });
  return words;
}

/** The bits of a float32, as an integer. */
const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;

/** -> float32, of `shape`: `scale` where the word, as a signed integer, is below `threshold`, else 0 */
function drawMask(call: KernelCall<Draw & { threshold: number; scale: number }>): tf.TensorInfo {
  const { instance, attributes } = call;
  const mask = instance.makeOutput(attributes.shape);
  instance.divided.philoxMask({
    ...describeDraw(call),
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
