import { expect, it } from 'vitest';
import {
  computeLuminance,
  describeChannelValues,
  formatOf,
  imageAt,
  interleave,
  luminanceOf,
  luminanceWeights,
  scaleLevels,
  shapeOfImages,
  valuesPerImage,
} from '../../src/core/pixels.ts';

const colour = { imageSize: 2, channels: 3 } as const;

it('the luminance of colours is that of Rec. 601, of grey the level itself', () => {
  // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
  expect(luminanceOf(200, 100, 50)).toBeCloseTo(124.2, 12);
  const levels = Uint8Array.of(200, 100, 50, 255, 255, 255, 0, 0, 0, 255, 0, 0);
  const [mixed, white, black, red] = computeLuminance(levels, 3);
  expect(mixed).toBeCloseTo(124.2 / 255, 7);
  expect([white, black]).toEqual([1, 0]);
  expect(red).toBeCloseTo(0.299, 7);
  expect([...computeLuminance(Uint8Array.of(0, 51, 255), 1)]).toEqual([0, Math.fround(0.2), 1]);
});

it('a colour whose channels are equal has exactly the luminance of that grey', () => {
  for (let level = 0; level < 256; level += 1) expect(luminanceOf(level, level, level)).toBe(level);
});

it('the weights are one together', () => {
  expect(luminanceWeights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 15);
});

it('levels become shares of the brightest, rounded to float32', () => {
  const scaled = scaleLevels(Uint8Array.of(0, 1, 128, 255));
  expect(scaled).toEqual(Float32Array.of(0, 1 / 255, 128 / 255, 1));
});

it('colours given plane by plane come out pixel by pixel', () => {
  const planes = Uint8Array.of(1, 2, 11, 12, 21, 22);
  expect([...interleave(planes)]).toEqual([1, 11, 21, 2, 12, 22]);
});

it('images lie one after the other', () => {
  const images = Uint8Array.from({ length: 24 }, (_, i) => i);
  expect([...imageAt(images, 1, colour)]).toEqual([...images.subarray(12)]);
  expect([...imageAt(images, 2, { imageSize: 2, channels: 1 })]).toEqual([8, 9, 10, 11]);
  expect(shapeOfImages(5, colour)).toEqual([5, 2, 2, 3]);
  expect(shapeOfImages(5, { imageSize: 2, channels: 1 })).toEqual([5, 2, 2]);
});

it('values by channel are told in their order', () => {
  expect(describeChannelValues(0.13066, 4)).toBe('0.1307');
  expect(describeChannelValues([0.5, 0.25, 1], 2)).toBe('0.50, 0.25, 1.00');
});

it('an image’s number of values says what it is, grey or of colours', () => {
  for (const imageSize of [1, 2, 7, 28, 32, 224, 1024]) {
    for (const channels of [1, 3] as const) {
      const format = { imageSize, channels };
      expect(formatOf(valuesPerImage(format))).toEqual(format);
    }
  }
});
