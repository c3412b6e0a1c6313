import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  compareAbsolutely,
  comparedMapTerm,
  compareSquared,
  computeMagnitude,
} from '../../../../src/main/learning/objective/mapDistances.ts';
import { tapeGradient } from '../../../support/finiteDifferences.ts';
import {
  compareGiven,
  evaluateTerm,
  gradientError,
  termActivations,
  termParts,
  valueOf,
} from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const cam = (): tf.Tensor3D => tf.tensor3d([0, 1, 0.5, 0, 1, 1, 1, 1], [2, 2, 2]);
const images = (): tf.Tensor3D => tf.tensor3d([0.5, 0, 0.5, 0, 1, 1, 1, 0], [2, 2, 2]);

it('are means over the pixels of each image', () => {
  expect(compareGiven(compareAbsolutely, cam(), { images: images() })).toEqual([0.375, 0.25]);
  expect(compareGiven(compareSquared, cam(), { images: images() })).toEqual([0.3125, 0.25]);
});

it('a magnitude has the sign as its derivative, and 0 at 0', () => {
  const sum = (x: tf.Tensor): tf.Tensor => tf.sum(computeMagnitude(x));
  expect([...tapeGradient(sum, tf.tensor1d([-2, 0, 3]))]).toEqual([-1, 0, 1]);
});

it('have the gradients of their values', () => {
  expect(gradientError(compareAbsolutely)).toBeLessThan(1e-2);
  expect(gradientError(compareSquared)).toBeLessThan(1e-2);
});

it('a term is the mean over the images, and leaves no trace of a NaN', () => {
  const term = comparedMapTerm(termParts, compareSquared);
  const pixels = tf.buffer([3, 4, 4]);
  const { value, nanBatch } = evaluateTerm(term, tf.zeros([3, 2, 2, 2]), {
    images: tf.fill([3, 4, 4], 0.5),
  });
  expect([valueOf(value), valueOf(nanBatch)]).toEqual([0.25, 0]);
  pixels.set(Number.NaN, 1, 2, 2);
  const damaged = { images: pixels.toTensor() as tf.Tensor3D };
  const spoilt = evaluateTerm(term, termActivations(), damaged);
  expect([valueOf(spoilt.value), valueOf(spoilt.nanBatch)]).toEqual([0, 1]);
  const gradient = tapeGradient((a) => evaluateTerm(term, a, damaged).value, termActivations());
  expect([...gradient]).toEqual(Array.from(gradient, () => 0));
});
