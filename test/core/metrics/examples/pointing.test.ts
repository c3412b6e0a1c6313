import { describe, expect, it } from 'vitest';
import { computeMask, defaultMask } from '../../../../src/core/metrics/foreground.ts';
import { pointing } from '../../../../src/core/metrics/examples/pointing.ts';

const measurePointing = (cam: Float32Array, image: Float32Array): number =>
  pointing.createMeasure()(cam, image, computeMask(defaultMask, image));

describe('pointing game', () => {
  const image = Float32Array.of(0, 0.5, 0.51, 1);

  it.each([
    ['a maximum on the foreground', [0, 0.2, 0.9, 0.1], 1],
    ['a maximum beside it', [0.9, 0.2, 0.1, 0.1], 0],
    ['a maximum on a pixel of exactly 0.5', [0.1, 0.9, 0.1, 0.1], 0],
    ['three ties, one of them inside', [0.9, 0.9, 0.9, 0.1], 1 / 3],
    ['a constant map: the share of the foreground', [1, 1, 1, 1], 1 / 2],
  ])('of %s', (_, cam, expected) => {
    expect(measurePointing(Float32Array.from(cam), image)).toBe(expected);
  });

  it('has none for an image that no map can hit', () => {
    const image = Float32Array.of(0.5, 0, 0.25, 0.5);
    expect(measurePointing(Float32Array.of(1, 0, 0, 0), image)).toBeNaN();
  });
});
