import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { openWasmEngine } from '../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { noise } from './compare.ts';

type Shape4D = [number, number, number, number];

/** [batch, height, width, channels], [kernel height, width, outputs], padding. */
const convolutions: [Shape4D, [number, number, number], 'same' | 'valid' | number][] = [
  [[5, 28, 28, 1], [3, 3, 32], 'same'],
  [[2, 13, 11, 3], [3, 3, 19], 'same'],
  [[2, 13, 11, 3], [3, 3, 19], 'valid'],
  [[2, 9, 12, 16], [5, 5, 24], 'same'],
  [[1, 12, 9, 5], [7, 3, 6], 'valid'],
  [[1, 12, 9, 5], [5, 5, 1], 2],
  [[2, 9, 7, 1], [3, 3, 1], 'same'],
  [[3, 8, 8, 8], [2, 2, 8], 'same'],
  [[2, 9, 9, 16], [1, 1, 8], 'same'],
];

const convolveAll = (): tf.Tensor[] =>
  convolutions.map(([shape, [height, width, outputs], padding]) => {
    const x = noise(shape, 1) as tf.Tensor4D;
    const kernel = noise([height, width, shape[3], outputs], 2) as tf.Tensor4D;
    return tf.conv2d(x, kernel, 1, padding);
  });

/** [batch, height, width, channels], side of the kernel: with 3 and 5 tfjs adds up in another order. */
const depthwise: [Shape4D, number][] = [
  [[2, 7, 7, 64], 7],
  [[3, 14, 9, 13], 7],
  [[2, 3, 6, 24], 7],
  [[2, 9, 9, 1], 7],
  [[2, 8, 8, 4], 1],
];

const convolveByChannel = (): tf.Tensor[] =>
  depthwise.map(([shape, side]) => {
    const kernel = noise([side, side, shape[3], 1], 2) as tf.Tensor4D;
    return tf.depthwiseConv2d(noise(shape, 1) as tf.Tensor4D, kernel, 1, 'same');
  });

/** Odd values, each against each other one. */
const odd = [0, -0, 1, -2.5, 1e-40, 3e38, Infinity, -Infinity, Number.NaN];

function combineAll(): tf.Tensor[] {
  const a = tf.tensor1d(odd.flatMap((value) => odd.map(() => value)));
  const b = tf.tensor1d(odd.flatMap(() => odd));
  const matrix = noise([7, 9], 1);
  return [tf.add, tf.sub, tf.mul, tf.div].flatMap((apply) => [
    apply(a, b),
    apply(a, 0.3),
    apply(0.3, b),
    apply(matrix, noise([9], 2)),
    apply(matrix, noise([7, 1], 2)),
    apply(matrix, tf.ones([1, 1])),
    apply(tf.scalar(2), tf.ones([1, 1])),
    apply(tf.ones([1]), tf.ones([1, 1])),
  ]);
}

function moveAll(): tf.Tensor[] {
  const [a, b] = [noise([3, 5, 7], 1), noise([3, 2, 7], 2)];
  return [
    tf.concat([a, b], 1),
    tf.concat([b, a, b], -2),
    tf.concat([tf.tensor1d([]), noise([13], 1), noise([1], 2)]),
    tf.concat([tf.tensor1d([1, 2], 'int32'), tf.tensor1d([3], 'int32')]),
    ...tf.split(a, [1, 4], 1),
  ];
}

const squares = (): tf.Tensor[] => [tf.square(tf.tensor1d(odd)), tf.sqrt(tf.tensor1d(odd))];

it("gives what tfjs's own kernels give, to the bit", async () => {
  const computations = { convolveAll, convolveByChannel, combineAll, moveAll, squares };
  const compute = () =>
    Object.entries(computations).map(([name, run]) => ({
      name,
      values: tf.tidy(() => run().map((tensor) => [tensor.shape, Array.from(tensor.dataSync())])),
    }));
  await tf.setBackend('wasm');
  const stock = compute();
  await openWasmEngine();
  expect(compute()).toEqual(stock);
});

it('refuses to put side by side what does not fit', async () => {
  await openWasmEngine();
  expect(() => tf.concat([noise([2, 3], 1), noise([2, 4], 1)], 0)).toThrow(/shape/i);
});
