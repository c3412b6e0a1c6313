import { expect, test } from 'vitest';
import { Allowance, checkClassCount, checkStorable } from '../../../src/main/datasets/source.ts';
import { expectError } from './builders.ts';

test('a set that one file cannot hold is refused before it is read', async () => {
  expect(() => {
    checkStorable(70_000, { imageSize: 128, channels: 1 }, 'images');
  }).not.toThrow();
  // 70,000 images of 256 x 256 pixels: 4.27 GiB.
  const tooLarge = (): void => {
    checkStorable(70_000, { imageSize: 256, channels: 1 }, 'images');
  };
  await expectError(tooLarge, 'INVALID_ARGUMENT', 'images', '4.3 GiB');
});

test('what files announce counts together', async () => {
  const allowance = new Allowance('four files');
  allowance.take(1.5 * 2 ** 30);
  allowance.take(0.4 * 2 ** 30);
  const tooMuch = (): void => {
    allowance.take(0.2 * 2 ** 30);
  };
  await expectError(tooMuch, 'INVALID_ARGUMENT', 'four files', '2.1 GiB');
});

test('at most as many classes as a byte can number', async () => {
  expect(() => {
    checkClassCount(256, 'images');
  }).not.toThrow();
  const tooMany = (): void => {
    checkClassCount(257, 'images');
  };
  await expectError(tooMany, 'CORRUPT_INPUT', 'images', '257 classes');
});
