import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { computeLuminance } from '../../../../src/core/pixels.ts';
import { Random } from '../../../../src/core/random.ts';
import { makeBatch } from '../../../../src/main/learning/dataset/batches.ts';
import { takeLuminance } from '../../../../src/main/learning/dataset/luminance.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('an engine compares maps with the same luminance as what measures stored ones', () => {
  const random = Random.fromSeed(3);
  const images = Uint8Array.from({ length: 2 * 16 * 3 }, () => random.uniform(0, 256));
  const format = { imageSize: 4, channels: 3 } as const;
  const split = { images, labels: Uint8Array.of(0, 1) };
  const batch = makeBatch(split, Uint32Array.of(0, 1), format, 2);
  expect(batch.images.shape).toEqual([2, 4, 4, 3]);
  const luminance = takeLuminance(batch.images);
  expect(luminance.shape).toEqual([2, 4, 4]);
  const expected = computeLuminance(images, 3);
  luminance.dataSync().forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(2e-7);
  });
});

it('grey images are compared as they are', () => {
  const images = tf.tensor3d([0, 0.5, 0.75, 1], [1, 2, 2]);
  expect(takeLuminance(images)).toBe(images);
});
