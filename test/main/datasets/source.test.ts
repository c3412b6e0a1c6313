import { expect, test } from 'vitest';
import { checkClassCount, checkStorable } from '../../../src/main/datasets/source.ts';
import { expectError } from './builders.ts';

test('a set that one file cannot hold is refused before it is read', async () => {
  expect(() => {
    checkStorable(70_000, 128, 'images');
  }).not.toThrow();
  // 70,000 images of 256 x 256 pixels: 4.27 GiB.
  const tooLarge = (): void => {
    checkStorable(70_000, 256, 'images');
  };
  await expectError(tooLarge, 'INVALID_ARGUMENT', 'images', '4.3 GiB');
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
