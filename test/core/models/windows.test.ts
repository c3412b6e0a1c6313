import { describe, expect, it } from 'vitest';
import { planWindows } from '../../../src/core/models/windows.ts';

describe('windows', () => {
  it('fill a map up to whole ones', () => {
    expect(planWindows(7, 7, 0).side).toBe(7);
    expect(planWindows(5, 3, 1).side).toBe(6);
  });

  it('know each pair of places by how they lie to each other', () => {
    const { relative } = planWindows(2, 2, 0);
    // Rows of a pair [first, second] of the places 00, 01, 10, 11; 4 is the place itself.
    expect([...relative]).toEqual([4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4]);
  });

  it('that are not shifted let every token attend to every other', () => {
    const { mask, hasMask } = planWindows(4, 2, 0);
    expect(hasMask).toBe(false);
    expect(mask.every((value) => value === 0)).toBe(true);
  });

  it('that are shifted keep apart what was not side by side', () => {
    const { mask, hasMask } = planWindows(4, 2, 1);
    expect(hasMask).toBe(true);
    const windows = Array.from({ length: 4 }, (_, i) => [...mask.slice(16 * i, 16 * (i + 1))]);
    const [inner, right, below, corner] = windows as [number[], number[], number[], number[]];
    expect(inner.every((value) => value === 0)).toBe(true);
    // The left column of the right window is the map's last column, its right one the first.
    const byPair = (window: number[], a: number, b: number) => window[4 * a + b];
    expect([byPair(right, 0, 2), byPair(right, 0, 1), byPair(right, 1, 3)]).toEqual([0, -100, 0]);
    expect([byPair(below, 0, 1), byPair(below, 0, 2), byPair(below, 2, 3)]).toEqual([0, -100, 0]);
    // In the corner each of the four comes from another corner of the map.
    expect(
      corner.map((value, i) => (i % 5 === 0 ? value : value + 100)).every((v) => v === 0),
    ).toBe(true);
  });
});
