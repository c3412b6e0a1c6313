import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  compareVariationally,
  computeDivergence,
  computeReconstruction,
} from '../../../../src/main/learning/objective/variationalCam.ts';
import { compareGiven, gradientError, valueOf } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('reconstruction: the cross-entropy of what map and image give each pixel', () => {
  const cam = tf.tensor3d([0, 1, 0.5, 1], [2, 1, 2]);
  const images = tf.tensor3d([0, 1, 0.25, 0], [2, 1, 2]);
  const [a = 0, b = 0] = computeReconstruction(cam, images, 'sum').dataSync();
  expect(a).toBeCloseTo(-2 * Math.log(0.99), 5);
  // A quarter of ln 0.5 and three quarters of it, and a pixel that is 0 but is said to be 1.
  expect(b).toBeCloseTo(Math.log(2) - Math.log(0.01), 4);
  expect(computeReconstruction(cam, images, 'mean').dataSync()[1]).toBeCloseTo(b / 2, 5);
});

it('divergence: 0 of a unit Gaussian, by hand of others', () => {
  // Pooled to -1 and 1: mean 0, variance 1, to which 1e-5 is added.
  const unit = tf.tensor4d([-2, 0, 2, 0], [2, 2, 1, 1]);
  expect(valueOf(computeDivergence(unit))).toBeCloseTo(0, 5);
  // Two channels: 1 and 3 (mean 2, variance 1), and 0 twice, which has the least variance.
  const two = tf.tensor4d([1, 0, 3, 0], [2, 1, 1, 2]);
  const silent = 1e-5 - 1 - Math.log(1e-5);
  expect(valueOf(computeDivergence(two))).toBeCloseTo((4 + silent) / 2, 3);
});

it('adds beta times the divergence to the reconstruction of each image', () => {
  const cam = tf.tensor3d([0, 1], [2, 1, 1]);
  const settings = { weight: 1, beta: 0.5, reduction: 'sum' } as const;
  const activations = tf.tensor4d([1, 3], [2, 1, 1, 1]);
  const losses = compareGiven(compareVariationally(settings), cam, { images: cam }, activations);
  for (const loss of losses) expect(loss).toBeCloseTo(1 - Math.log(0.99), 4);
});

it('has the gradient of its value, through the map and through the activations', () => {
  const settings = { weight: 1, beta: 1, reduction: 'mean' } as const;
  expect(gradientError(compareVariationally(settings))).toBeLessThan(2e-2);
});
