import { expect, it } from 'vitest';
import { markerAt, markerPath } from '../../../../src/renderer/components/charts/markers.ts';

it('tells twelve of one colour apart', () => {
  const looks = Array.from({ length: 12 }, (_, index) => {
    const { shape, isHollow } = markerAt(index);
    return `${markerPath(shape, { x: 8, y: 4, reach: 3 })} ${isHollow}`;
  });
  expect(new Set(looks).size).toBe(12);
});

it('draws each around its point, no further than a little beyond its reach', () => {
  for (let index = 1; index < 6; index += 1) {
    const path = markerPath(markerAt(index).shape, { x: 100, y: 50, reach: 10 });
    const corners = path
      .slice(1, -1)
      .split('L')
      .map((pair) => pair.split(' ').map(Number));
    for (const [x = 0, y = 0] of corners) {
      expect(Math.hypot(x - 100, y - 50)).toBeGreaterThan(4);
      expect(Math.max(Math.abs(x - 100), Math.abs(y - 50))).toBeLessThanOrEqual(12);
    }
    // The middle of its reach is its point.
    const xs = corners.map(([x = 0]) => x);
    expect(Math.min(...xs) + Math.max(...xs)).toBeCloseTo(200, 9);
  }
  expect(markerPath('circle', { x: 8, y: 4, reach: 3 })).toBe('M5 4a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z');
});
