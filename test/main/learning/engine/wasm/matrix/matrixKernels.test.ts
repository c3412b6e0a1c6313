import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { evaluate, expectSame, forAll, noise } from '../compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

const dimension = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 17, 33);
const matrices = fc.record({
  rows: dimension,
  depth: dimension,
  columns: dimension,
  batches: fc.constantFrom<[number[], number[]]>(
    [[], []],
    [[3], [3]],
    [[1], [4]],
    [[1, 1], [4]],
    [[4], [1]],
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 1],
      [1, 3],
    ],
  ),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1000 }),
});

const flip = (shape: [number, number], yes: boolean): number[] =>
  yes ? shape.toReversed() : shape;

describe('matrix products', () => {
  it('agree with the plain JavaScript backend, transposed or not, in any batch', () =>
    forAll(
      matrices,
      ({ rows, depth, columns, batches, transposeA, transposeB, seed }) => {
        const a = [...batches[0], ...flip([rows, depth], transposeA)];
        const b = [...batches[1], ...flip([depth, columns], transposeB)];
        return expectSame(() =>
          tf.matMul(noise(a, seed), noise(b, seed + 1), transposeA, transposeB),
        );
      },
      150,
    ));

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('agree where the right one is large (transposed: %s, %s)', (transposeA, transposeB) =>
    expectSame(() => {
      const a = noise(flip([18, 120], transposeA), 1);
      const b = noise(flip([120, 77], transposeB), 2);
      return tf.matMul(a, b, transposeA, transposeB);
    }),
  );

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('add up a long depth in order (transposed: %s, %s)', async (transposeA, transposeB) => {
    const [rows, depth, columns] = [19, 700, 13];
    const [a, b] = [noise([rows, depth], 1), noise([depth, columns], 2)];
    const turn = (matrix: tf.Tensor, yes: boolean) => (yes ? tf.transpose(matrix) : matrix);
    const [values] = await evaluate('wasm', () =>
      tf.matMul(turn(a, transposeA), turn(b, transposeB), transposeA, transposeB),
    );
    const [left, right] = [a.dataSync(), b.dataSync()];
    const sumOf = (i: number, j: number): number => {
      let sum = 0;
      for (let k = 0; k < depth; k += 1) {
        const product = (left[i * depth + k] as number) * (right[k * columns + j] as number);
        sum = Math.fround(sum + Math.fround(product));
      }
      return sum;
    };
    const wanted = Array.from({ length: rows * columns }, (_, n) =>
      sumOf(Math.floor(n / columns), n % columns),
    );
    expect(values).toEqual(wanted);
  });

  it('have gradients', () =>
    expectSame(() =>
      tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(tf.matMul(a, b))))([
        noise([5, 9], 1),
        noise([9, 6], 2),
      ]),
    ));

  it('multiply by hand', async () => {
    const [values] = await evaluate('wasm', () =>
      tf.matMul(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor2d([
          [5, 6, 7],
          [8, 9, 10],
        ]),
      ),
    );
    expect(values).toEqual([21, 24, 27, 47, 54, 61]);
  });

  it('refuse matrices that do not match', async () => {
    await tf.setBackend('wasm');
    expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([4, 2]))).toThrow(/inner shapes/);
  });

  it('are zero over an empty depth', async () => {
    const [values] = await evaluate('wasm', () => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])));
    expect(values).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
