import { expect, test } from 'vitest';
import {
  embeddedMemory,
  estimateTrainingBytes,
  findLargestBatch,
} from '../../../src/core/models/memory.ts';
import { describeModel, findLeastImageSize } from '../../../src/core/models/network.ts';

test('three poolings need eight pixels', () => {
  expect(findLeastImageSize({ name: 'paper-cnn' })).toBe(8);
});

test('what a step needs grows by as much with each image of a batch', () => {
  const network = describeModel({ name: 'paper-cnn' }, { imageSize: 48 }, 2);
  const one = estimateTrainingBytes(network, 1);
  const perImage = estimateTrainingBytes(network, 2) - one;
  expect(estimateTrainingBytes(network, 64)).toBe(one + 63 * perImage);
  // Measured on batches of 64: 351 MB under C, 378 MB under R.
  expect(estimateTrainingBytes(network, 64) / 378e6).toBeGreaterThan(1);
  expect(estimateTrainingBytes(network, 64) / 378e6).toBeLessThan(1.35);
});

test('the largest batch is the last one that fits', () => {
  const network = describeModel({ name: 'paper-cnn' }, { imageSize: 224 }, 10);
  const largest = findLargestBatch(network, embeddedMemory);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThan(64);
  expect(estimateTrainingBytes(network, largest)).toBeLessThanOrEqual(embeddedMemory);
  expect(estimateTrainingBytes(network, largest + 1)).toBeGreaterThan(embeddedMemory);
  expect(
    findLargestBatch(describeModel({ name: 'paper-cnn' }, { imageSize: 1024 }, 10), embeddedMemory),
  ).toBe(0);
});

// The embedded engine's memory after two steps of R on 64 images of 28 pixels, of which 17 MB are its own.
test.each([
  [{ name: 'resnet', depth: '8' }, 217e6],
  [{ name: 'convnext' }, 375e6],
  [{ name: 'swin' }, 540e6],
] as const)(
  'what a step of %o needs is what was measured, within a quarter',
  (choice, measured) => {
    const network = describeModel(choice, { imageSize: 28 }, 10);
    const estimated = estimateTrainingBytes(network, 64);
    expect(estimated / measured).toBeGreaterThan(0.9);
    expect(estimated / measured).toBeLessThan(1.25);
  },
);
