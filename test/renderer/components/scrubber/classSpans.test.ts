import { expect, it } from 'vitest';
import { listClassSpans } from '../../../../src/renderer/components/scrubber/classSpans.ts';

const spansOf = (classes: number[], axis: number[], stored: number[]): number[][] =>
  listClassSpans(axis, Uint32Array.from(stored), (index) => classes[index] ?? -1).map(
    ({ first, last, targetClass }) => [first, last, targetClass],
  );

it('begins anew wherever the class changes', () => {
  expect(spansOf([4, 4, 5, 4, 4], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4])).toEqual([
    [0, 1, 4],
    [2, 2, 5],
    [3, 4, 4],
  ]);
});

it('ends where the run has no epoch', () => {
  expect(spansOf([1, 1, 1], [0, 1, 2, 5], [0, 2, 5])).toEqual([
    [0, 0, 1],
    [2, 3, 1],
  ]);
  expect(spansOf([], [0, 1], [])).toEqual([]);
});
