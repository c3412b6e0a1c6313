import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { philoxKernels } from '../../../../../../src/main/learning/engine/wasm/layers/philoxKernels.ts';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { wasmOps } from '../../../../../../src/main/learning/engine/wasm/wasmOps.ts';
import { noise } from '../compare.ts';

type Shape4D = [number, number, number, number];
const images = (shape: Shape4D, seed = 1): tf.Tensor => noise(shape, seed);
const vector = (length: number, seed: number): tf.Tensor => noise([length], seed);

/** A function of tensors with its gradients, through values that the gradient depends on. */
const withGradients = (
  apply: (...inputs: tf.Tensor[]) => tf.Tensor,
  ...inputs: tf.Tensor[]
): tf.Tensor[] => {
  const loss = (...given: tf.Tensor[]): tf.Tensor => {
    const y = apply(...given);
    return tf.sum(tf.mul(y, noise(y.shape, 9)));
  };
  return [apply(...inputs), ...tf.grads(loss)(inputs)];
};

const convolve = (padding: 'same' | 'valid') => (x: tf.Tensor, kernel: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, padding);

const draw = (name: string): tf.Tensor => {
  const position = tf.tensor1d(Int32Array.of(1, 2, 2 ** 32 - 5, 2 ** 32 - 1, 3, 4), 'int32');
  const attributes = { shape: [40_003], threshold: 7, scale: 2 };
  return tf.engine().runKernel(name, { position }, attributes);
};

/** Everything that threads share, in sizes that no unit divides. */
const work: Record<string, () => tf.Tensor[]> = {
  'convolutions in tiles': () =>
    withGradients(convolve('same'), images([37, 7, 6, 9]), images([3, 3, 9, 13], 2)),
  'convolutions in tiles that leave the border out': () =>
    withGradients(convolve('valid'), images([5, 15, 30, 12]), images([3, 3, 12, 8], 2)),
  'convolutions of one channel': () =>
    withGradients(convolve('same'), images([19, 9, 11, 1]), images([3, 3, 1, 19], 2)),
  'convolutions by large kernels': () =>
    withGradients(convolve('same'), images([3, 17, 16, 3]), images([5, 5, 3, 21], 2)),
  'depthwise convolutions': () => {
    const x = images([19, 9, 11, 13]) as tf.Tensor4D;
    const convolveBy = (kernel: tf.Tensor): tf.Tensor =>
      tf.depthwiseConv2d(x, kernel as tf.Tensor4D, 1, 'same');
    return withGradients(convolveBy, images([7, 7, 13, 1], 2));
  },
  'products by panels of a long depth': () => [
    tf.matMul(noise([700, 37], 1), noise([700, 67], 2), true),
  ],
  'products by panels': () =>
    withGradients((a, b) => tf.matMul(a, b), noise([37, 211], 1), noise([211, 67], 2)),
  'products by rows': () =>
    withGradients((a, b) => tf.matMul(a, b), noise([131, 9], 1), noise([9, 5], 2)),
  'products of transposed matrices': () => [
    tf.matMul(noise([9, 131], 1), noise([9, 5], 2), true),
    tf.matMul(noise([211, 37], 1), noise([67, 211], 2), true, true),
  ],
  'products of stacks': () => [
    tf.matMul(noise([7, 13, 9], 1), noise([7, 9, 5], 2)),
    tf.matMul(noise([7, 13, 9], 1), noise([7, 5, 9], 2), false, true),
    tf.matMul(noise([7, 9, 13], 1), noise([7, 9, 5], 2), true),
  ],
  'bias, ReLU and pooling': () =>
    withGradients(
      (x, bias) =>
        wasmOps.maxPool2x2(wasmOps.relu(wasmOps.biasAdd(x as tf.Tensor4D, bias as tf.Tensor1D))),
      images([5, 21, 23, 19]),
      vector(19, 2),
    ),
  'gradients of the pooling of gradients': () => {
    const gradient = (x: tf.Tensor): tf.Tensor =>
      tf.grad((input: tf.Tensor) => tf.sum(tf.square(wasmOps.maxPool2x2(input as tf.Tensor4D))))(x);
    return withGradients(gradient, images([5, 21, 23, 19]));
  },
  'batch norm': () =>
    withGradients(
      (x, gamma, beta) =>
        wasmOps.batchNorm(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D).y,
      images([5, 21, 23, 19]),
      vector(19, 2),
      vector(19, 3),
    ),
  'GELU and layer norm': () =>
    withGradients(
      (x, gamma, beta) =>
        wasmOps.layerNorm(wasmOps.gelu(x), gamma as tf.Tensor1D, beta as tf.Tensor1D),
      noise([13, 47, 29], 1),
      vector(29, 2),
      vector(29, 3),
    ),
  sums: () => [
    tf.sum(noise([7, 131, 23], 1), 1),
    tf.sum(noise([1331, 23], 1), 0),
    tf.mean(noise([30, 40, 23], 1), [0, 1]),
  ],
  'elementwise operations': () => {
    const [a, b] = [noise([20_001], 1), tf.add(1.5, noise([20_001], 2))];
    const operations = [tf.add, tf.sub, tf.mul, tf.div];
    const both = operations.flatMap((apply) => [apply(a, b), apply(a, 0.3), apply(0.3, b)]);
    return [...both, tf.square(a), tf.sqrt(b)];
  },
  'splits and concatenations': () => {
    const parts = tf.split(noise([31, 97, 17], 1), [13, 84], 1);
    const vectors = tf.split(noise([30_001], 2), [10, 29_991]);
    return [...parts, ...vectors, tf.concat([...parts].reverse(), 1), tf.concat(vectors.reverse())];
  },
  'random words and masks': () => [draw(philoxKernels.words), draw(philoxKernels.mask)],
};

/** The bits of each result, as a digest: large arrays are slow to compare. */
const digest = (compute: () => tf.Tensor[]): string[] =>
  tf.tidy(() =>
    compute().map((tensor) => createHash('sha256').update(tensor.dataSync()).digest('hex')),
  );

/** What one thread computes. */
const wanted = new Map<string, string[]>();

beforeAll(async () => {
  await openWasmEngine();
  for (const [name, compute] of Object.entries(work)) wanted.set(name, digest(compute));
});

describe.each([2, 3, 5])('%i threads', (threads) => {
  beforeAll(async () => {
    expect((await openWasmEngine(threads)).info.threads).toBe(threads);
  });

  it.each(Object.keys(work))('compute %s to the same bits as one', (name) => {
    // Who takes which part differs from time to time.
    for (let time = 0; time < 2; time += 1) {
      expect(digest(work[name] as () => tf.Tensor[])).toEqual(wanted.get(name));
    }
  });
});
