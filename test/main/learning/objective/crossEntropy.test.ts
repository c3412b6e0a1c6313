import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  computeCrossEntropy,
  crossEntropyObjective,
} from '../../../../src/main/learning/objective/crossEntropy.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Logarithms of probabilities are logits: 1/2, 1/4, 1/4 and 1/8, 1/8, 3/4. */
const logits = (): tf.Tensor2D =>
  tf.tensor2d([0.5, 0.25, 0.25, 0.125, 0.125, 0.75].map(Math.log), [2, 3]);
const labels = (): tf.Tensor2D => tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3]);

it('is what the label’s probability tells, in nats, whatever is added to all logits', () => {
  for (const shift of [0, 40, -300]) {
    const losses = [...computeCrossEntropy(tf.add(logits(), shift), labels()).dataSync()];
    [Math.log(2), Math.log(8)].forEach((loss, i) => {
      expect(losses[i]).toBeCloseTo(loss, 4);
    });
  }
});

it('is not clipped: a label that was ruled out costs what its logit says', () => {
  const [loss] = computeCrossEntropy(tf.tensor2d([[200, 0]]), tf.tensor2d([[0, 1]])).dataSync();
  expect(loss).toBeCloseTo(200, 4);
});

it('has probability less label as its gradient', () => {
  const loss = (x: tf.Tensor): tf.Tensor => tf.sum(computeCrossEntropy(x as tf.Tensor2D, labels()));
  const gradient = tf.grad(loss)(logits()).dataSync();
  [-0.5, 0.25, 0.25, 0.125, -0.875, 0.75].forEach((expected, i) => {
    expect(gradient[i]).toBeCloseTo(expected, 5);
  });
});

it('as an objective is the mean over the batch, and its only term', () => {
  const batch = { images: tf.zeros<tf.Rank.R3>([2, 1, 1]), labels: labels() };
  const activations = tf.zeros<tf.Rank.R4>([2, 1, 1, 1]);
  const result = crossEntropyObjective.compute({ activations, head: logits }, batch);
  const mean = (Math.log(2) + Math.log(8)) / 2;
  expect(result.loss.dataSync()[0]).toBeCloseTo(mean, 5);
  expect(Object.keys(result.terms)).toEqual(['crossEntropy']);
  expect(result.terms.crossEntropy?.dataSync()[0]).toBeCloseTo(mean, 5);
  expect(result.logits.arraySync()).toEqual(logits().arraySync());
});
