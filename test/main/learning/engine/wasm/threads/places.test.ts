import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import type { choosePlaces } from '../../../../../../src/main/learning/engine/wasm/threads/tasks.ts';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { noise } from '../compare.ts';

const { original } = vi.hoisted(() => ({
  original: { choosePlaces: null as typeof choosePlaces | null },
}));
/** As where the memory is too little for a place for each thread. */
vi.mock(
  import('../../../../../../src/main/learning/engine/wasm/threads/tasks.ts'),
  async (load) => {
    const module = await load();
    original.choosePlaces = module.choosePlaces;
    return { ...module, choosePlaces: () => ({ places: 2, byPart: 1 }) };
  },
);

const compute = (): number[][] =>
  tf.tidy(() => {
    const [x, kernel] = [noise([23, 9, 7, 9], 1), noise([3, 3, 9, 11], 2)];
    const loss = (input: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
      tf.sum(tf.square(tf.conv2d(input as tf.Tensor4D, weights as tf.Tensor4D, 1, 'same')));
    return tf
      .grads(loss)([x, kernel])
      .map((gradient) => Array.from(gradient.dataSync()));
  });

it('lends each thread a place, or parts of the work where those would be too large', () => {
  expect(original.choosePlaces?.(8, 1000)).toEqual({ places: 8, byPart: 0 });
  expect(original.choosePlaces?.(64, 2 ** 22)).toEqual({ places: 16, byPart: 1 });
  expect(original.choosePlaces?.(2, 2 ** 28)).toEqual({ places: 1, byPart: 1 });
});

it('computes the same bits in places for parts', async () => {
  await openWasmEngine();
  const wanted = compute();
  await openWasmEngine(5);
  for (let time = 0; time < 5; time += 1) expect(compute()).toEqual(wanted);
});
