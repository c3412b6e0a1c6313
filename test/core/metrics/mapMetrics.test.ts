import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeCamMap, reconstructCam } from '../../../src/core/maps/cam.ts';
import {
  computeDistances,
  computeMapMetrics,
  computePointing,
  createSsim,
} from '../../../src/core/metrics/mapMetrics.ts';
import { finish, statisticsGolden } from '../../support/statisticsGolden.ts';

/** The images of make_statistics.py. */
const pattern = (size: number, k: number): Float32Array =>
  Float32Array.from(
    { length: size ** 2 },
    (_, p) => ((p * p * (2 * k + 3) + 17 * p * (k + 1)) % 256) / 255,
  );

const disc = (size: number, radius: number): Float32Array =>
  Float32Array.from({ length: size ** 2 }, (_, p) => {
    const [y, x] = [Math.floor(p / size), p % size];
    const distance = (2 * y - size + 1) ** 2 + (2 * x - size + 1) ** 2;
    const level = 255 - 10 * Math.max(0, distance - 4 * radius ** 2);
    return Math.min(255, Math.max(0, level)) / 255;
  });

const pairs: Record<string, (size: number) => [Float32Array, Float32Array]> = {
  'texture, texture': (size) => [pattern(size, 0), pattern(size, 1)],
  'disc, texture': (size) => [disc(size, 4), pattern(size, 2)],
  'disc, larger disc': (size) => [disc(size, 3), disc(size, 5)],
  'disc, black': (size) => [disc(size, 3), new Float32Array(size ** 2)],
  'disc, itself': (size) => [disc(size, 3), disc(size, 3)],
};

describe('SSIM', () => {
  it.each(statisticsGolden.ssim)(
    'is what scikit-image says of $name at $size pixels',
    ({ name, size, ssim }) => {
      const [a, b] = pairs[name]?.(size) ?? [];
      expect(createSsim(size)(a as Float32Array, b as Float32Array)).toBeCloseTo(ssim, 6);
    },
  );

  it('is undefined where the window does not fit', () => {
    expect(createSsim(10)(pattern(10, 0), pattern(10, 0))).toBeNaN();
  });

  it('does not depend on the order, and is 1 for an image and itself', () => {
    const image = fc.float32Array({ min: 0, max: 1, noNaN: true, minLength: 144, maxLength: 144 });
    const ssim = createSsim(12);
    fc.assert(
      fc.property(image, image, (a, b) => {
        expect(ssim(a, b)).toBeCloseTo(ssim(b, a), 10);
        expect(ssim(a, a)).toBeCloseTo(1, 10);
        expect(Math.abs(ssim(a, b))).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 30 },
    );
  });
});

describe('distances', () => {
  it('are means over pixels', () => {
    const { absoluteDistance, squaredDistance } = computeDistances(
      Float32Array.of(0, 0.5, 1, 1),
      Float32Array.of(0, 1, 0.75, 0),
    );
    expect(absoluteDistance).toBe((0 + 0.5 + 0.25 + 1) / 4);
    expect(squaredDistance).toBe((0 + 0.25 + 0.0625 + 1) / 4);
  });
});

describe('pointing game', () => {
  const image = Float32Array.of(0, 0.5, 0.51, 1);

  it.each([
    ['a maximum on the foreground', [0, 0.2, 0.9, 0.1], 1],
    ['a maximum beside it', [0.9, 0.2, 0.1, 0.1], 0],
    ['a maximum on a pixel of exactly 0.5', [0.1, 0.9, 0.1, 0.1], 0],
    ['three ties, one of them inside', [0.9, 0.9, 0.9, 0.1], 1 / 3],
    ['a constant map: the share of the foreground', [1, 1, 1, 1], 1 / 2],
  ])('of %s', (_, cam, expected) => {
    expect(computePointing(Float32Array.from(cam), image)).toBe(expected);
  });

  it('has no answer for an all-zero map', () => {
    expect(computePointing(new Float32Array(4), image)).toBeNaN();
  });

  it('has none for an image that no map can hit', () => {
    expect(
      computePointing(Float32Array.of(1, 0, 0, 0), Float32Array.of(0.5, 0, 0.25, 0.5)),
    ).toBeNaN();
  });
});

describe('the metrics of stored maps', () => {
  it('are those of each map at its image’s size', () => {
    const imageSize = 28;
    const images = [0, 1, 2].map((k) =>
      Uint8Array.from(disc(28, 3 + k), (x) => Math.round(x * 255)),
    );
    const stored = [0, 1, 2].map((k) =>
      quantizeCamMap(k === 1 ? new Float32Array(49) : pattern(7, k)),
    );
    const columns = finish(
      computeMapMetrics({
        mapSize: 7,
        imageSize,
        levels: Uint8Array.from(stored.flatMap(({ levels }) => [...levels])),
        scales: Float32Array.from(stored, ({ scale }) => scale),
        images: Uint8Array.from(images.flatMap((image) => [...image])),
      }),
    );
    const ssim = createSsim(imageSize);
    expect(stored[1]?.scale).toBe(0);
    expect(Object.values(columns).map((column) => column[1])).toEqual(Array(4).fill(Number.NaN));
    for (const i of [0, 2]) {
      const { levels, scale } = stored[i] ?? quantizeCamMap(new Float32Array(49));
      const map = Float32Array.from(levels, (level) => (level / 255) * scale);
      const cam = reconstructCam(map, 7, imageSize);
      const image = Float32Array.from(images[i] ?? [], (level) => level / 255);
      expect(columns.ssim[i]).toBeCloseTo(ssim(cam, image), 6);
      const { absoluteDistance, squaredDistance } = computeDistances(cam, image);
      expect(columns.absoluteDistance[i]).toBeCloseTo(absoluteDistance, 6);
      expect(columns.squaredDistance[i]).toBeCloseTo(squaredDistance, 6);
      expect(columns.pointing[i]).toBe(computePointing(cam, image));
    }
  });
});
