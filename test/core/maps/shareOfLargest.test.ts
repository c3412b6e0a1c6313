import { expect, it } from 'vitest';
import { largestOf, placesOf, shareOfLargest } from '../../../src/core/maps/shareOfLargest.ts';

it('a map is shown by shares of its largest absolute value, or of one that others share', () => {
  const map = Float32Array.of(-4, 0, 1);
  expect(largestOf(map)).toBe(4);
  expect([...shareOfLargest(map)]).toEqual([-1, 0, 0.25]);
  expect([...shareOfLargest(map, 8)]).toEqual([-0.5, 0, 0.125]);
  expect([...shareOfLargest(new Float32Array(2))]).toEqual([0, 0]);
});

it('zero lies in the middle of the colours of a signed map, at the beginning of the others', () => {
  const shares = Float32Array.of(-1, 0, 1);
  expect([...placesOf(shares, true)]).toEqual([0, 0.5, 1]);
  expect(placesOf(shares, false)).toBe(shares);
});
