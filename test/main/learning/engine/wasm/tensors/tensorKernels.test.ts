import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { wasmOps } from '../../../../../../src/main/learning/engine/wasm/wasmOps.ts';
import { evaluate, expectSame, forAll, noise } from '../compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const reductions = shapes.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.uniqueArray(fc.integer({ min: 0, max: shape.length - 1 })),
    keepDims: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1000 }),
  }),
);

describe.each([
  ['sum', tf.sum],
  ['mean', tf.mean],
] as const)('%s', (_, reduce) => {
  it('agrees with the plain JavaScript backend over any axes', () =>
    forAll(
      reductions,
      ({ shape, axes, keepDims, seed }) =>
        expectSame(() => reduce(noise(shape, seed), axes, keepDims)),
      150,
    ));

  it('has its gradient', () =>
    expectSame(() =>
      tf.grad((x: tf.Tensor) => tf.sum(tf.square(reduce(x, [0, 1]))))(noise([3, 4, 5], 1)),
    ));
});

describe('finiteness', () => {
  it('is that of every element of every vector, whatever their lengths', async () => {
    await openWasmEngine();
    for (const length of [1, 63, 64, 65, 127, 4096, 10_001]) {
      for (const place of new Set([0, length >> 1, length - 1])) {
        for (const value of [2, NaN, Infinity, -Infinity]) {
          const values = new Float32Array(length).fill(0.5);
          values[place] = value;
          tf.tidy(() => {
            const vectors = [tf.tensor1d([1, 2]), tf.tensor1d(values), tf.tensor1d([])];
            const finite = wasmOps.areFinite(vectors).dataSync()[0];
            expect({ length, place, value, finite }).toMatchObject({ finite: value === 2 ? 1 : 0 });
          });
        }
      }
    }
  });
});

describe('sum', () => {
  it('keeps integers exact', async () => {
    const [values] = await evaluate('wasm', () => tf.sum(tf.ones([3, 4], 'int32'), 0));
    expect(values).toEqual([3, 3, 3, 3]);
  });

  it('adds a long column with few rounding errors', async () => {
    const [values] = await evaluate('wasm', () => tf.sum(tf.fill([100_000, 2], 0.1), 0));
    expect(Math.abs((values?.[0] ?? 0) / (100_000 * Math.fround(0.1)) - 1)).toBeLessThan(1e-5);
  });
});

describe('split', () => {
  it('agrees with the plain JavaScript backend on every axis', () =>
    forAll(
      fc.record({
        axis: fc.integer({ min: -3, max: 2 }),
        sizes: fc.constantFrom<number | number[]>(1, 2, [1, 5], [2, -1], [0, 6], [1, 2, 3]),
      }),
      ({ axis, sizes }) => expectSame(() => tf.split(noise([6, 6, 6], 3), sizes, axis)),
    ));
  it('splits integers', () => expectSame(() => tf.split(tf.range(0, 6, 1, 'int32'), [2, 4])));
});

describe('tile', () => {
  it.each([
    ['float32', [1, 1], [3, 5]],
    ['bool', [1, 1, 1], [2, 3, 7]],
    ['int32', [1], [1]],
    ['float32', [2, 1], [2, 3]],
  ] as const)('%s %s by %s', (dtype, shape, repetitions) =>
    expectSame(() => tf.tile(tf.fill([...shape], 1, dtype), [...repetitions])),
  );
});

describe('where', () => {
  const branches = (): [tf.Tensor, tf.Tensor] => [noise([3, 4], 1), noise([3, 4], 2)];
  it.each([
    ['all true', () => tf.fill([3, 4], 1, 'bool')],
    ['all false', () => tf.fill([3, 4], 0, 'bool')],
    ['mixed', () => tf.greater(noise([3, 4], 3), 0)],
    ['a scalar', () => tf.scalar(true)],
  ])('%s', (_, condition) =>
    expectSame(() => {
      const [yes, no] = branches();
      return tf.where(condition(), yes, no);
    }),
  );

  it('gives a tensor that outlives the one it came from', async () => {
    await tf.setBackend('wasm');
    const [yes, no] = branches();
    const wanted = yes.arraySync();
    const chosen = tf.where(tf.fill([3, 4], 1, 'bool'), yes, no);
    tf.dispose([yes, no]);
    expect(chosen.arraySync()).toEqual(wanted);
    chosen.dispose();
  });
});

describe('equal', () => {
  it.each([
    [
      [2, 3, 4],
      [2, 1, 1],
    ],
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 3],
      [1, 3],
    ],
    [[2, 3], []],
    [
      [1, 1],
      [1, 1],
    ],
    [[3], [2, 3]],
  ])('%s against %s', (a, b) =>
    expectSame(() => tf.equal(tf.round(noise(a, 1)), tf.round(noise(b, 2)))),
  );

  // As floats the first would be no number, and the second two zeros.
  it('compares integers as integers', () =>
    expectSame(() =>
      tf.equal(
        tf.tensor1d([2_143_289_344, 0, 5], 'int32'),
        tf.tensor1d([2_143_289_344, -2_147_483_648, 5], 'int32'),
      ),
    ));

  it('compares booleans', () =>
    expectSame(() =>
      tf.equal(tf.tensor1d([0, 1, 1, 0], 'bool'), tf.tensor1d([0, 1, 0, 1], 'bool')),
    ));

  it('passes the gradient of a maximum to each of its places', async () => {
    const [values] = await evaluate('wasm', () =>
      tf.grad((x: tf.Tensor) => tf.sum(tf.max(x, [1, 2])))(
        tf.tensor3d([1, 3, 3, 2, 5, 4], [1, 2, 3]),
      ),
    );
    expect(values).toEqual([0, 0, 0, 0, 1, 0]);
  });
});

describe('identity', () => {
  it('shares memory and lives as long as either tensor', async () => {
    await tf.setBackend('wasm');
    const buffers = tf.memory().numDataBuffers;
    const x = tf.tensor1d([1, 2, 3]);
    const copy = tf.clone(x);
    expect(tf.memory().numDataBuffers).toBe(buffers + 1);
    x.dispose();
    expect([...copy.dataSync()]).toEqual([1, 2, 3]);
    copy.dispose();
    expect(tf.memory().numDataBuffers).toBe(buffers);
  });
});
