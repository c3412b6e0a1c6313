import { expect, it } from 'vitest';
import { resizeBilinear } from '../../../src/core/maps/bilinear.ts';

it('doubles a map with half-pixel centres, edges repeated', () => {
  // As PyTorch's interpolate(mode="bilinear", align_corners=False) gives it.
  expect([...resizeBilinear(Float32Array.of(0, 4, 8, 16), 2, 4)]).toEqual([
    ...[0, 1, 3, 4],
    ...[2, 3.25, 5.75, 7],
    ...[6, 7.75, 11.25, 13],
    ...[8, 10, 14, 16],
  ]);
});

it('keeps a plane where no edge is near', () => {
  const plane = Float32Array.from({ length: 25 }, (_, i) => (i % 5) + 2 * Math.floor(i / 5));
  const resized = resizeBilinear(plane, 5, 15);
  for (let y = 2; y < 13; y += 1) {
    for (let x = 2; x < 13; x += 1) {
      expect(resized[y * 15 + x]).toBeCloseTo((x - 1) / 3 + (2 * (y - 1)) / 3, 5);
    }
  }
});
