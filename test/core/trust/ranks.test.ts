import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderValues, rankValues } from '../../../src/core/trust/ranks.ts';

/** Few values, so that many are equal; both zeros, and both signs. */
const value = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, -0.5, 1e-45, -1e-45, 3e38, -3e38),
  fc.float({ noNaN: true }),
);

it('puts values in order, equal ones as they came', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), (list) => {
      const values = Float32Array.from(list);
      const expected = Array.from(values.keys()).sort(
        (a, b) => (values[a] as number) - (values[b] as number) || a - b,
      );
      expect([...orderValues(values)]).toEqual(expected);
    }),
  );
});

it('reads a part of a longer array as its own', () => {
  expect([...orderValues(new Float32Array([9, 3, 1, 2]).subarray(1))]).toEqual([1, 2, 0]);
});

it('gives equal values the mean of their ranks', () => {
  expect([...rankValues(new Float32Array([0, 5, -0, 2, 5, 5]))]).toEqual([1.5, 5, 1.5, 3, 5, 5]);
});
