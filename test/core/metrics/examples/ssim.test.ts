import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ssim as metric } from '../../../../src/core/metrics/examples/ssim.ts';
import { disc, pattern } from '../../../support/patterns.ts';
import { statisticsGolden } from '../../../support/statisticsGolden.ts';

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
      expect(metric.createMeasure(size)(a as Float32Array, b as Float32Array)).toBeCloseTo(ssim, 6);
    },
  );

  it('is undefined where the window does not fit', () => {
    expect(metric.createMeasure(10)(pattern(10, 0), pattern(10, 0))).toBeNaN();
  });

  it('does not depend on the order, and is 1 for an image and itself', () => {
    const image = fc.float32Array({ min: 0, max: 1, noNaN: true, minLength: 144, maxLength: 144 });
    const ssim = metric.createMeasure(12);
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
