import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { evaluate, expectSame, forAll, noise } from '../compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

type Shape4D = [number, number, number, number];

const convolve = (shape: Shape4D, kernel: Shape4D, stride = 1): tf.Tensor =>
  tf.depthwiseConv2d(
    noise(shape, 1) as tf.Tensor4D,
    noise(kernel, 2) as tf.Tensor4D,
    stride,
    'same',
  );

const size = fc.integer({ min: 1, max: 11 });
const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: size,
  width: size,
  channels: fc.constantFrom(1, 2, 4, 5, 8, 12, 15, 23),
  side: fc.constantFrom(1, 3, 5, 7, 9),
});

it('agrees with the plain JavaScript backend, in images of all sizes', () =>
  forAll(
    cases,
    ({ batch, height, width, channels, side }) =>
      expectSame(() => convolve([batch, height, width, channels], [side, side, channels, 1])),
    100,
  ));

it.each<[string, Shape4D, number]>([
  ['an even kernel', [4, 4, 3, 1], 1],
  ['a kernel that is not square', [3, 5, 3, 1], 1],
  ['two outputs a channel', [3, 3, 3, 2], 1],
  ['a stride of two', [3, 3, 3, 1], 2],
])('leaves %s to tfjs', (_, kernel, stride) =>
  expectSame(() => convolve([2, 7, 6, 3], kernel, stride)),
);

it('adds the taps under each pixel, by hand', async () => {
  const [values] = await evaluate('wasm', () => {
    const image = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2]);
    const kernel = tf.tensor4d(
      [1, 1, 2, 0, 3, 0, 4, 0, 5, 2, 6, 0, 7, 0, 8, 0, 9, 3],
      [3, 3, 2, 1],
    );
    return tf.depthwiseConv2d(image, kernel, 1, 'same');
  });
  // First channel of the first pixel: 1 * 5 + 2 * 6 + 3 * 8 + 4 * 9; second: 10 * 2 + 40 * 3.
  expect(values).toEqual([77, 140, 67, 40, 47, 60, 37, 90]);
});
