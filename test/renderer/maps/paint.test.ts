import fc from 'fast-check';
import { expect, it } from 'vitest';
import { colorTable, divergingTable } from '../../../src/renderer/maps/colorMaps.ts';
import {
  cssColor,
  paintColorBar,
  paintDifference,
  paintImage,
  paintMap,
  paintOverlay,
} from '../../../src/renderer/maps/paint.ts';

const bytesOf = (pixels: Uint32Array) => [...new Uint8Array(pixels.buffer)];
const viridis = colorTable('viridis');

it('paints grey levels as they are, opaque', () => {
  const pixels = new Uint32Array(3);
  paintImage(Uint8Array.of(0, 17, 255), pixels);
  expect(bytesOf(pixels)).toEqual([0, 0, 0, 255, 17, 17, 17, 255, 255, 255, 255, 255]);
});

it('paints colours as they are', () => {
  const pixels = new Uint32Array(2);
  paintImage(Uint8Array.of(1, 2, 3, 250, 0, 9), pixels);
  expect(bytesOf(pixels)).toEqual([1, 2, 3, 255, 250, 0, 9, 255]);
});

it('lays a map over colours by the opacity', () => {
  const pixels = new Uint32Array(1);
  // (100, 200, 0) * 0.5 + (253, 231, 37) * 0.5
  paintOverlay(Uint8Array.of(100, 200, 0), Float32Array.of(1), viridis, 0.5, pixels);
  expect(bytesOf(pixels)).toEqual([177, 216, 19, 255]);
});

it('paints a map by its table, values beyond [0,1] and undefined ones at its ends', () => {
  const pixels = new Uint32Array(5);
  paintMap(Float32Array.of(0, 1, 2, -1, Number.NaN), viridis, pixels);
  expect([...pixels]).toEqual([0, 255, 255, 0, 0].map((i) => viridis[i]));
  paintMap(Float32Array.of(0.5, 0.25, 0.75, 0.1, 0.91), colorTable('grey'), pixels);
  expect(bytesOf(pixels).filter((_, i) => i % 4 === 0)).toEqual([128, 64, 191, 26, 232]);
});

it('shows the image where a signed map is 0, and covers it more the further the map is from 0', () => {
  const pixels = new Uint32Array(3);
  const [image, places] = [Uint8Array.of(100, 100, 100), Float32Array.of(0.5, 1, 0)];
  paintOverlay(image, places, viridis, 0.5, pixels, Float32Array.of(0, 0.25, -1));
  // Of opacity 0.5 a quarter's root is a half: 3/4 of 100 and 1/4 of yellow (253, 231, 37).
  expect(bytesOf(pixels)).toEqual([
    ...[100, 100, 100, 255],
    ...[138, 133, 84, 255],
    ...[84, 51, 92, 255],
  ]);
});

it('mixes map and image by the opacity', () => {
  const image = Uint8Array.of(100);
  const cam = Float32Array.of(1);
  const pixels = new Uint32Array(1);
  const paint = (opacity: number) => {
    paintOverlay(image, cam, viridis, opacity, pixels);
    return bytesOf(pixels);
  };
  expect(paint(0)).toEqual([100, 100, 100, 255]);
  expect(paint(1)).toEqual([253, 231, 37, 255]);
  // 100 * 0.6 + (253, 231, 37) * 0.4
  expect(paint(0.4)).toEqual([161, 152, 75, 255]);
});

it('shows the sign of a difference', () => {
  const pixels = new Uint32Array(3);
  paintDifference(Float32Array.of(0.3, 1, 0), Float32Array.of(0.3, 0, 1), pixels);
  expect([...pixels]).toEqual([0xffffffff, divergingTable.at(-1), divergingTable[0]]);
});

it('runs a colour bar from the first to the last colour', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 600 }), (length) => {
      const pixels = new Uint32Array(length);
      paintColorBar(viridis, pixels);
      expect([pixels[0], pixels.at(-1)]).toEqual([viridis[0], viridis[255]]);
    }),
  );
});

it('names colours for style sheets', () => {
  expect(cssColor(viridis[0] ?? 0)).toBe('#440154');
});
