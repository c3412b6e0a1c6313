import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  averageImages,
  createExtraInputs,
} from '../../../../src/main/learning/dataset/extraInputs.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('averages the images of each class among those that are named', () => {
  const train = { images: Uint8Array.of(255, 0, 51, 255), labels: Uint8Array.of(0, 1, 0, 2) };
  const means = averageImages(train, Uint32Array.of(0, 1, 2), {
    ...{ imageSize: 1, channels: 1 },
    classes: 4,
  });
  const expected = [[(1 + 0.2) / 2], [0], [0], [0]];
  means.forEach((mean, label) => {
    expect([...mean]).toEqual(expected[label]?.map(Math.fround));
  });
});

it('averages the luminance of colours', () => {
  const train = { images: Uint8Array.of(255, 0, 0, 0, 255, 0), labels: Uint8Array.of(0, 0) };
  const [mean] = averageImages(train, Uint32Array.of(0, 1), {
    ...{ imageSize: 1, channels: 3 },
    classes: 1,
  });
  expect(mean?.[0]).toBeCloseTo((0.299 + 0.587) / 2, 6);
});

it('gives each image the mean of its class', () => {
  const square = { images: Uint8Array.of(255, 0, 51), labels: Uint8Array.of(0, 1, 0) };
  const dataset = { train: square, imageSize: 1, channels: 1, classNames: ['a', 'b'] } as const;
  const { classMeans } = createExtraInputs(dataset, Uint32Array.of(0, 1, 2));
  const batch = classMeans(Uint32Array.of(2, 1));
  expect(batch.shape).toEqual([2, 1, 1]);
  expect([...batch.dataSync()]).toEqual([0.6, 0].map(Math.fround));
});
