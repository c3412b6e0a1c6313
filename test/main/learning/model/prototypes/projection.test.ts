import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  NearestPatches,
  type NearestPatch,
} from '../../../../../src/main/learning/model/prototypes/projection.ts';

const channels = 2;

/** Maps of 1 x 2 positions, one after the other. */
const visit = (nearest: NearestPatches, maps: number[][], labels: number[]): void => {
  maps.forEach((values, image) => {
    const map = { values: Float32Array.from([9, ...values]), offset: 1, height: 1, width: 2 };
    nearest.visit(map, image, labels[image] ?? 0);
  });
};

it('by hand: the nearest patch of the class, of equal ones the first', () => {
  const nearest = new NearestPatches(Float32Array.from([0, 0, 5, 5, 1, 1, 7, 7]), 4, 2);
  visit(
    nearest,
    [
      [3, 0, 0, 3],
      [1, 1, 7, 6],
      [3, 0, 4, 5],
    ],
    [0, 1, 0],
  );
  const places = nearest.found.map((patch) => {
    const { distance, image, row, column, values } = patch as NearestPatch;
    return [distance, image, row, column, ...values];
  });
  expect(places).toEqual([
    [9, 0, 0, 0, 3, 0],
    [1, 2, 0, 1, 4, 5],
    [0, 1, 0, 0, 1, 1],
    [1, 1, 0, 1, 7, 6],
  ]);
});

it('finds nothing for a class without an image', () => {
  const nearest = new NearestPatches(Float32Array.from([0, 0, 5, 5]), 2, 2);
  visit(nearest, [[3, 0, 0, 3]], [1]);
  expect(nearest.found[0]).toBeNull();
  expect(nearest.found[1]?.image).toBe(0);
});

const values = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 4, maxLength: 4 });
const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, k) => sum + (value - (b[k] ?? 0)) ** 2, 0);

it('leaves no distance to the patch that a prototype becomes, and no image further away than it moved', () => {
  fc.assert(
    fc.property(values, fc.array(values, { minLength: 1, maxLength: 6 }), (vectors, maps) => {
      const nearest = new NearestPatches(Float32Array.from(vectors), 2, 1);
      const labels = maps.map(() => 0);
      visit(nearest, maps, labels);
      const patches = maps.flatMap((map) => [map.slice(0, 2), map.slice(2)]);
      nearest.found.forEach((patch, p) => {
        const { values: moved, image, column, distance } = patch as NearestPatch;
        const place = maps[image]?.slice(column * channels, (column + 1) * channels) ?? [];
        expect(squared(moved, place)).toBe(0);
        const before = vectors.slice(p * channels, (p + 1) * channels);
        expect(distance).toBe(Math.min(...patches.map((each) => squared(before, each))));
        for (const each of patches) {
          const root = Math.sqrt(squared(each, before)) + Math.sqrt(distance);
          expect(Math.sqrt(squared(each, moved))).toBeLessThanOrEqual(root + 1e-9);
        }
      });
    }),
  );
});
