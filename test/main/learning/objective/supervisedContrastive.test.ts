import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { computeSupervisedContrastive } from '../../../../src/main/learning/objective/supervisedContrastive.ts';
import { numericalGradient, spread, tapeGradient } from '../../../support/finiteDifferences.ts';
import { relativeError } from '../../../support/golden.ts';
import { oneHot } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const compute = (features: tf.Tensor2D, temperature: number, ...labels: number[]): number[] => [
  ...computeSupervisedContrastive(features, oneHot(3, ...labels), temperature).dataSync(),
];

it('by hand: two alike and one at a right angle', () => {
  const features = tf.tensor2d([2, 0, 3, 0, 0, 5], [3, 2]);
  const [a, b, c] = compute(features, 0.5, 0, 0, 1);
  // Anchor 0: ln(e^2 / (e^2 + e^0)); the third has no other of its class.
  const expected = Math.log(1 + Math.exp(-2));
  expect(a).toBeCloseTo(expected, 6);
  expect(b).toBeCloseTo(expected, 6);
  expect(c).toBe(0);
});

it('is the mean over all others of a class', () => {
  const features = tf.tensor2d([1, 0, 1, 0, 0, 1], [3, 2]);
  const all = Math.log(Math.exp(1) + 1);
  expect(compute(features, 1, 2, 2, 2)[0]).toBeCloseTo((all - 1 + all) / 2, 6);
});

it('stays finite at small temperatures, for features of zero and for a batch of one', () => {
  const features = tf.tensor2d([1, 0, 0, 0, -1, 0], [3, 2]);
  const cold = compute(features, 1e-3, 0, 1, 0);
  expect(cold.every(Number.isFinite)).toBe(true);
  expect(cold[0]).toBeCloseTo(1000, 2);
  expect(compute(tf.tensor2d([1, 2], [1, 2]), 0.1, 0)).toEqual([0]);
  const loss = (f: tf.Tensor): tf.Tensor =>
    tf.sum(computeSupervisedContrastive(f as tf.Tensor2D, oneHot(2, 0, 1, 0), 0.1));
  expect(tapeGradient(loss, features).every(Number.isFinite)).toBe(true);
});

it('has the gradient of its value', () => {
  const loss = (f: tf.Tensor): tf.Tensor =>
    tf.mean(computeSupervisedContrastive(f as tf.Tensor2D, oneHot(2, 0, 1, 0, 1, 1), 0.5));
  const at = spread([5, 3]);
  expect(relativeError(tapeGradient(loss, at), numericalGradient(loss, at, 3e-3))).toBeLessThan(
    1e-2,
  );
});
