import { expect, it } from 'vitest';
import { cutSegments } from '../../../src/core/maps/segments.ts';

/** Bright right of a line that no cell of a grid of 4 ends at. */
const size = 12;
const isRight = (pixel: number): boolean => pixel % size >= 5;
const image = Float32Array.from({ length: size ** 2 }, (_, i) => (isRight(i) ? 0.9 : 0.1));

it('a grid has cells as equal as can be', () => {
  const { labels, count } = cutSegments('grid', image, size, 16);
  expect(count).toBe(16);
  for (let cell = 0; cell < 16; cell += 1) {
    expect(labels.filter((label) => label === cell)).toHaveLength(9);
  }
  expect([labels[0], labels[2], labels[3], labels[3 * size]]).toEqual([0, 0, 1, 4]);
});

it('superpixels follow an edge, and leave no number out', () => {
  const { labels, count } = cutSegments('slic', image, size, 16);
  expect(count).toBeGreaterThan(8);
  expect(new Set(labels)).toEqual(new Set(Array.from({ length: count }, (_, k) => k)));
  for (let segment = 0; segment < count; segment += 1) {
    const sides = new Set([...labels.keys()].filter((i) => labels[i] === segment).map(isRight));
    expect(sides.size).toBe(1);
  }
});

it('refuses more segments than pixels', () => {
  expect(() => cutSegments('grid', image, size, 145)).toThrow('12 × 12 pixels has no 145 segments');
  expect(cutSegments('grid', image, size, 144).count).toBe(144);
});
