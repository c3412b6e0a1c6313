import { expect, it } from 'vitest';
import { extentOf, joinFloats, spreadIndices } from '../../src/core/arrays.ts';

it('parts follow on each other, empty ones too', () => {
  const parts = [Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(3)];
  expect([...joinFloats(parts)]).toEqual([1, 2, 3]);
  expect(joinFloats([])).toHaveLength(0);
});

it('indices are spread over all items, without a repeat', () => {
  expect(spreadIndices(10, 5)).toEqual([0, 2, 4, 6, 8]);
  expect(spreadIndices(3, 5)).toEqual([0, 1, 2]);
  expect(new Set(spreadIndices(60_000, 1200)).size).toBe(1200);
});

it('the extent of values is their least and most, of however many', () => {
  expect(extentOf([3, -1, 2])).toEqual([-1, 3]);
  expect(extentOf([7])).toEqual([7, 7]);
  expect(extentOf([])).toEqual([Infinity, -Infinity]);
  expect(extentOf(Array.from({ length: 500_000 }, (_, i) => i))).toEqual([0, 499_999]);
});
