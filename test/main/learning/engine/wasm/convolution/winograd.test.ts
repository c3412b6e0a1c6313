import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  computeWinograd,
  transposed,
  winograd,
  type Matrix,
} from '../../../../../../src/main/learning/engine/wasm/convolution/winograd.ts';

const multiply = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, j) => sum + value * (vector[j] ?? Number.NaN), 0));

const numbers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -100, max: 100 }), { minLength: length, maxLength: length });

it.each([
  { points: [0, 1, -1], outputs: 2 },
  { points: [0, 1, -1, 2, -2], outputs: 4 },
  { points: [0, 1, -1, 2, -2], outputs: 3 },
  { points: [0, 1, -1, 0.5, -0.5, 3], outputs: 5 },
])('$outputs outputs from points $points are the sums over the kernel', ({ points, outputs }) => {
  const size = points.length + 1;
  const taps = size - outputs + 1;
  const { input, kernel, output } = computeWinograd(points, outputs);
  fc.assert(
    fc.property(numbers(size), numbers(taps), (d, g) => {
      const [left, right] = [multiply(kernel, g), multiply(input, d)];
      const actual = multiply(
        output,
        left.map((value, i) => value * (right[i] ?? 0)),
      );
      const wanted = Array.from({ length: outputs }, (_, i) =>
        g.reduce((sum, value, k) => sum + value * (d[i + k] ?? Number.NaN), 0),
      );
      actual.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 6);
      });
    }),
  );
});

it('uses 6 multiplications for 4 outputs of a kernel of 3', () => {
  expect(winograd.input.map((row) => row.length)).toEqual([6, 6, 6, 6, 6, 6]);
  expect(winograd.kernel.map((row) => row.length)).toEqual([3, 3, 3, 3, 3, 3]);
  expect(transposed(winograd.output).map((row) => row.length)).toEqual([4, 4, 4, 4, 4, 4]);
});
