import { expect, it } from 'vitest';
import { solvePositive } from '../../src/core/linearSystem.ts';

it('solves a symmetric system for several right sides', () => {
  // [[4, 2], [2, 3]]: x = [1, -1] gives [2, -1], x = [0.5, 2] gives [6, 7].
  const solved = solvePositive(Float64Array.of(4, 2, 2, 3), [
    Float64Array.of(2, -1),
    Float64Array.of(6, 7),
  ]);
  [1, -1, 0.5, 2].forEach((value, i) => {
    expect(solved?.[i >> 1]?.[i % 2]).toBeCloseTo(value, 12);
  });
});

it('says where rows depend on each other', () => {
  expect(solvePositive(Float64Array.of(1, 2, 2, 4), [Float64Array.of(1, 2)])).toBe(null);
  expect(solvePositive(new Float64Array(4), [Float64Array.of(1, 2)])).toBe(null);
});
