import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { defaultMask } from '../../../../src/core/metrics/foreground.ts';
import type { TermInput } from '../../../../src/main/learning/objective/objective.ts';
import {
  computeLogProbabilities,
  rightReasonsTerm,
} from '../../../../src/main/learning/objective/rightReasons.ts';
import { numericalGradient, spread, tapeGradient } from '../../../support/finiteDifferences.ts';
import { relativeError } from '../../../support/golden.ts';
import { oneHot, valueOf } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Two images of two pixels, the first of which is in the mask. */
const images = (): tf.Tensor3D => tf.tensor3d([0.75, 0.25, 1, 0], [2, 1, 2]);

/** What the term is for logits that are x W, or x² W. */
const evaluate = (weights: tf.Tensor, power = 1): tf.Scalar => {
  const kernel = tf.reshape(weights, [2, 2]);
  const logitsOf = (x: tf.Tensor3D): tf.Tensor2D =>
    tf.matMul(tf.pow(tf.reshape(x, [2, 2]), power), kernel);
  const batch = { images: images(), labels: oneHot(2, 0, 1) };
  const input = { batch, pixels: batch.images, logitsOf };
  return rightReasonsTerm(defaultMask)(input as unknown as TermInput).value;
};

it('by hand: the squared slope by the pixel outside the mask', () => {
  // ∂/∂x₂ Σ ln p = w₂₁ + w₂₂ - 2 (p₁ w₂₁ + p₂ w₂₂), by softmax of x W.
  const slopes = [
    [0.75, 0.25],
    [1, 0],
  ].map(([a = 0, b = 0]) => {
    const logits = [a * 1 + b * 3, a * 2 - b];
    const total = Math.exp(logits[0] ?? 0) + Math.exp(logits[1] ?? 0);
    const [p, q] = logits.map((logit) => Math.exp(logit) / total) as [number, number];
    return 3 - 1 - 2 * (p * 3 - q);
  });
  const expected = slopes.reduce((sum, slope) => sum + slope ** 2, 0) / 2;
  expect(valueOf(evaluate(tf.tensor1d([1, 2, 3, -1])))).toBeCloseTo(expected, 5);
});

it('has the gradient of its value by the weights, a second derivative of the network', () => {
  const loss = (weights: tf.Tensor): tf.Tensor => evaluate(weights, 2);
  const at = tf.tensor1d([1, 2, 3, -1]);
  expect(relativeError(tapeGradient(loss, at), numericalGradient(loss, at))).toBeLessThan(1e-2);
});

it('log probabilities are differentiable twice', () => {
  const slope = (x: tf.Tensor): tf.Tensor =>
    tf.grad((logits) => tf.sum(tf.square(computeLogProbabilities(logits as tf.Tensor2D))))(x);
  const loss = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(slope(x), tf.tensor2d([[1, -2, 0.5]])));
  const at = spread([1, 3]);
  expect(relativeError(tapeGradient(loss, at), numericalGradient(loss, at, 3e-3))).toBeLessThan(
    1e-2,
  );
});
