import { expect, it } from 'vitest';
import { joinFloats } from '../../src/core/arrays.ts';

it('parts follow on each other, empty ones too', () => {
  const parts = [Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(3)];
  expect([...joinFloats(parts)]).toEqual([1, 2, 3]);
  expect(joinFloats([])).toHaveLength(0);
});
