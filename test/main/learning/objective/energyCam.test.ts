import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { defaultMask } from '../../../../src/core/metrics/foreground.ts';
import { compareEnergy } from '../../../../src/main/learning/objective/energyCam.ts';
import { compareGiven, gradientError } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const images = (): tf.Tensor3D => tf.tensor3d([1, 0.6, 0.5, 0, 0.5, 0, 0, 0], [2, 2, 2]);

it('is the share of the map outside the mask; 0 where the mask is empty', () => {
  const cam = tf.tensor3d([0.5, 0.25, 0.25, 1, 1, 1, 1, 1], [2, 2, 2]);
  const [share = 0, none] = compareGiven(compareEnergy(defaultMask), cam, { images: images() });
  expect(share).toBeCloseTo(1.25 / 2, 6);
  expect(none).toBe(0);
});

it('is 1 for a map that is zero everywhere', () => {
  expect(
    compareGiven(compareEnergy(defaultMask), tf.zeros([2, 2, 2]), { images: images() }),
  ).toEqual([1, 0]);
});

it('has the gradient of its value', () => {
  expect(gradientError(compareEnergy(defaultMask))).toBeLessThan(1e-2);
});

it('takes the mask that comes with the batch where no threshold makes it', () => {
  const cam = tf.tensor3d([0.5, 0.25, 0.25, 1], [1, 2, 2]);
  const masks = tf.tensor3d([0, 0, 0, 1], [1, 2, 2]);
  const given = { images: tf.ones<tf.Rank.R3>([1, 2, 2]), masks };
  const rule = { mask: 'otsu', maskThreshold: 0.5 } as const;
  const [share] = compareGiven(compareEnergy(rule), cam, given);
  expect(share).toBeCloseTo(1 - 1 / 2, 6);
  expect(() => compareGiven(compareEnergy(rule), cam, { images: cam })).toThrow('masks');
});
