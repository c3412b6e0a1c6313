import { describe, expect, it } from 'vitest';
import {
  computeMask,
  computeOtsuThreshold,
  defaultMask,
  describeMask,
} from '../../../src/core/metrics/foreground.ts';
import { computeLuminance } from '../../../src/core/pixels.ts';

const repeat = (...parts: [level: number, times: number][]): Uint8Array =>
  Uint8Array.from(parts.flatMap(([level, times]) => new Array<number>(times).fill(level)));

describe('Otsu’s threshold', () => {
  // Levels above which `threshold_otsu` of scikit-image 0.25 has pixels inside.
  it.each([
    [Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256), 120, 32],
    [repeat([10, 40], [12, 10], [200, 9], [210, 5]), 12, 14],
    [repeat([0, 50], [255, 14]), 0, 14],
    [repeat([0, 30], [90, 20], [100, 10], [250, 4]), 0, 34],
  ])('is scikit-image’s, image %#', (levels, level, inside) => {
    const image = computeLuminance(levels, 1);
    expect(computeOtsuThreshold(image) * 255).toBeCloseTo(level + 0.5, 9);
    const mask = computeMask({ ...defaultMask, mask: 'otsu' }, image);
    expect(mask.reduce((sum, value) => sum + value, 0)).toBe(inside);
  });

  it.each([0, 128, 255])('leaves nothing inside an image of one level, %i', (level) => {
    const image = computeLuminance(new Uint8Array(9).fill(level), 1);
    expect([...computeMask({ ...defaultMask, mask: 'otsu' }, image)]).toEqual(Array(9).fill(0));
  });
});

describe('a mask of the data set', () => {
  const rule = { ...defaultMask, mask: 'dataset' } as const;

  it('is what the image came with, whatever the image is', () => {
    const image = Float32Array.of(1, 1, 0, 0);
    expect([...computeMask(rule, image, Uint8Array.of(0, 1, 1, 0))]).toEqual([0, 1, 1, 0]);
    expect([...computeMask(defaultMask, image, Uint8Array.of(0, 1, 1, 0))]).toEqual([1, 1, 0, 0]);
    expect(describeMask(rule)).toBe('pixels inside the data set’s mask');
  });

  it('is refused where there is none', () => {
    expect(() => computeMask(rule, Float32Array.of(1))).toThrow('the data set has no masks');
  });
});

describe('a mask by a threshold', () => {
  it('has the pixels above it, those at it not', () => {
    const image = Float32Array.of(0, 0.25, 0.5, 0.75);
    expect([...computeMask(defaultMask, image)]).toEqual([0, 0, 0, 1]);
    const lower = { ...defaultMask, maskThreshold: 0.25 };
    expect([...computeMask(lower, image)]).toEqual([0, 0, 1, 1]);
    expect(describeMask(lower)).toBe('pixels above 0.25');
  });
});
