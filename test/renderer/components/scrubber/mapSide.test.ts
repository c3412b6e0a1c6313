import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapRoom, mapSide } from '../../../../src/renderer/components/scrubber/mapSide.ts';

const anyCase = fc.record({
  width: fc.integer({ min: 700, max: 2400 }),
  height: fc.integer({ min: 420, max: 1400 }),
  rows: fc.constantFrom(1, 2),
  imageSize: fc.constantFrom(28, 32, 64),
  ratio: fc.constantFrom(1, 1.25, 1.5, 2),
});

it('gives every map pixel the same whole number of device pixels', () => {
  fc.assert(
    fc.property(anyCase, ({ width, height, rows, imageSize, ratio }) => {
      const side = mapSide({ width, height }, 3, rows, imageSize, ratio);
      const pixel = (side * ratio) / imageSize;
      expect(Math.abs(pixel - Math.round(pixel))).toBeLessThan(1e-9);
      expect(pixel).toBeGreaterThanOrEqual(1);
    }),
  );
});

it('fits the room', () => {
  expect(mapSide({ width: 880, height: 400 }, 3, 1, 28, 1)).toBe(280);
  expect(mapSide({ width: 880, height: 460 }, 3, 2, 28, 1)).toBe(168);
  expect(mapSide({ width: 880, height: 400 }, 3, 1, 28, 2)).toBe(280);
  // On a low window the maps stay large enough to be read, and the view scrolls.
  expect(mapSide({ width: 880, height: 100 }, 3, 1, 28, 1)).toBe(112);
});

it('shrinks images that are larger than their room', () => {
  expect(mapSide({ width: 632, height: 400 }, 3, 1, 512, 1)).toBe(200);
  expect(mapSide({ width: 0, height: 0 }, 3, 1, 28, 1)).toBe(0);
});

it('leaves room for the figures and the film', () => {
  const room = mapRoom({ width: 1184, height: 700 }, 1, 14);
  expect(room.width).toBeLessThan(900);
  expect(room.height).toBeLessThan(450);
  expect(mapRoom({ width: 1184, height: 700 }, 2, 50).width).toBe(room.width);
});
