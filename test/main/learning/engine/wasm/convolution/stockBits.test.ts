import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { noise } from '../compare.ts';

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

const compute = (): number[][] =>
  tf.tidy(() =>
    convolutions.map(([shape, [height, width, outputs], padding]) => {
      const x = noise(shape, 1) as tf.Tensor4D;
      const kernel = noise([height, width, shape[3], outputs], 2) as tf.Tensor4D;
      return [...new Int32Array(tf.conv2d(x, kernel, 1, padding).dataSync().slice().buffer)];
    }),
  );

it("gives the bits of tfjs's own kernel where convolutions are not computed in tiles", async () => {
  await tf.setBackend('wasm');
  const stock = compute();
  await openWasmEngine();
  const ours = compute();
  ours.forEach((bits, i) => {
    expect(bits, String(convolutions[i])).toEqual(stock[i]);
  });
});
