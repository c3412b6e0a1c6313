import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { layerGradientMaps } from '../../../../src/main/learning/explainers/layerGradientMaps.ts';
import { referenceEngine } from '../../../support/referenceEngine.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Two positions by two channels; class 1's logit is the sum of activations times these. */
const slopes = tf.tensor4d([2, -1, -3, 4], [1, 1, 2, 2]);
const activations = tf.tensor4d([0.5, 1, 1, 0.25], [1, 1, 2, 2]);
const head = (a: tf.Tensor4D): tf.Tensor2D => {
  const score: tf.Tensor = tf.sum(tf.mul(a, slopes));
  return tf.stack([tf.mul(score, 7), score]).reshape([1, 2]);
};
const targets = tf.tensor2d([0, 1], [1, 2]);
const { ops } = referenceEngine;
const mapBy = (method: keyof typeof layerGradientMaps): number[] => [
  ...layerGradientMaps[method]({ ops, activations, head, targets }).dataSync(),
];

it('LayerCAM weighs each position by its own gradient, where that is positive', () => {
  // (2)(0.5) + 0, and 0 + (4)(0.25).
  expect(mapBy('layercam')).toEqual([1, 1]);
});

it('Grad-CAM weighs each channel by the mean of its gradients', () => {
  // Means -0.5 and 1.5: ReLU(-0.25 + 1.5), ReLU(-0.5 + 0.375).
  expect(mapBy('gradcam')).toEqual([1.25, 0]);
});
