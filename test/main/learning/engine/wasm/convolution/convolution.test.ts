import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { evaluate, expectSame, forAll, noise } from '../compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

interface Case {
  batch: number;
  height: number;
  width: number;
  inChannels: number;
  outChannels: number;
  kernel: number;
  pad: 'same' | 'valid' | number;
  seed: number;
}

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const pads = fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1, 2);

/** Enough channels and a 3x3 kernel: computed in tiles. */
const tiled = fc.record<Case>({
  batch: fc.constantFrom(1, 2, 3, 17),
  height: fc.integer({ min: 3, max: 11 }),
  width: fc.integer({ min: 3, max: 11 }),
  inChannels: fc.constantFrom(8, 9, 12, 19),
  outChannels: fc.constantFrom(8, 10, 16),
  kernel: fc.constant(3),
  pad: pads,
  seed: size(1000),
});
/** Everything else with stride 1. */
const plain = fc.record<Case>({
  batch: size(3),
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 5, max: 9 }),
  inChannels: size(5),
  outChannels: size(9),
  kernel: size(5),
  pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
  seed: size(1000),
});

const inputOf = ({ batch, height, width, inChannels, seed }: Case): tf.Tensor4D =>
  noise([batch, height, width, inChannels], seed) as tf.Tensor4D;
const kernelOf = ({ kernel, inChannels, outChannels, seed }: Case): tf.Tensor4D =>
  noise([kernel, kernel, inChannels, outChannels], seed + 1) as tf.Tensor4D;

const convolve = (c: Case, x: tf.Tensor, kernel: tf.Tensor): tf.Tensor4D =>
  tf.conv2d(
    x as tf.Tensor4D,
    kernel as tf.Tensor4D,
    1,
    c.pad,
    'NHWC',
    1,
    typeof c.pad === 'number' ? 'floor' : undefined,
  );

/** Both gradients of a weighted sum of the outputs. */
const gradients = (c: Case): tf.Tensor[] => {
  const weigh = (x: tf.Tensor, kernel: tf.Tensor): tf.Tensor => {
    const y = convolve(c, x, kernel);
    return tf.sum(tf.mul(y, noise(y.shape, c.seed + 2)));
  };
  return tf.grads(weigh)([inputOf(c), kernelOf(c)]);
};

/** Gradients of the gradient by the input, as a map's weights have in training. */
const secondGradients = (c: Case): tf.Tensor[] => {
  const slope = (x: tf.Tensor, kernel: tf.Tensor): tf.Tensor => {
    const inner = tf.grad((input: tf.Tensor) => tf.sum(tf.square(convolve(c, input, kernel))))(x);
    return tf.sum(tf.mul(inner, noise(x.shape, c.seed + 3)));
  };
  return tf.grads(slope)([inputOf(c), kernelOf(c)]);
};

describe.each([
  ['in tiles', tiled],
  ['plain', plain],
])('convolutions %s', (_, cases) => {
  it('agree with the plain JavaScript backend', () =>
    forAll(cases, (c) => expectSame(() => convolve(c, inputOf(c), kernelOf(c)))));
  it('have its gradients', () => forAll(cases, (c) => expectSame(() => gradients(c))));
  it('have its second gradients', () =>
    forAll(cases, (c) => expectSame(() => secondGradients(c), 2e-5), 10));
});

describe('convolutions', () => {
  const paperLayer: Case = {
    batch: 3,
    height: 14,
    width: 14,
    inChannels: 32,
    outChannels: 64,
    kernel: 3,
    pad: 'same',
    seed: 5,
  };

  it('lose few digits in tiles', async () => {
    await expectSame(() => convolve(paperLayer, inputOf(paperLayer), kernelOf(paperLayer)), 3e-6);
    await expectSame(() => gradients(paperLayer), 3e-6);
  });

  it('give the same bits every time', async () => {
    const once = (): Promise<number[][]> => evaluate('wasm', () => gradients(paperLayer));
    expect(await once()).toEqual(await once());
  });

  it('sum by hand: ones over a 3x3 window with a zero border', async () => {
    const ones = (shape: [number, number, number, number]): tf.Tensor4D => tf.ones(shape);
    const [values] = await evaluate('wasm', () =>
      tf.conv2d(ones([1, 3, 3, 8]), ones([3, 3, 8, 8]), 1, 'same'),
    );
    const corner = 4 * 8;
    const edge = 6 * 8;
    const middle = 9 * 8;
    const wanted = [corner, edge, corner, edge, middle, edge, corner, edge, corner];
    (values ?? []).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[Math.floor(i / 8)] ?? Number.NaN, 4);
    });
  });

  it('leave strides and dilations to tfjs, and say so where tfjs cannot', async () => {
    const strided = (x: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, noise([3, 3, 8, 8], 3) as tf.Tensor4D, 2, 'same');
    const dilated = (): tf.Tensor =>
      tf.conv2d(
        noise([1, 9, 9, 8], 2) as tf.Tensor4D,
        noise([3, 3, 8, 8], 3) as tf.Tensor4D,
        1,
        'same',
        'NHWC',
        2,
      );
    await expectSame(() => strided(noise([2, 9, 9, 8], 1)));
    await expectSame(dilated);
    await expectSame(() => tf.grad((x) => tf.sum(strided(x)))(noise([2, 9, 9, 8], 1)));
    await tf.setBackend('wasm');
    const byKernel = (): tf.Tensor =>
      tf.grad((kernel: tf.Tensor) =>
        tf.sum(tf.conv2d(noise([1, 9, 9, 8], 1) as tf.Tensor4D, kernel as tf.Tensor4D, 2, 'same')),
      )(noise([3, 3, 8, 8], 3));
    expect(() => tf.tidy(byKernel)).toThrow(/Conv2DBackpropFilter.*strides/);
  });
});
