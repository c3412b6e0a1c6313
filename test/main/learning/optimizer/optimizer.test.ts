import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { buildOptimizer } from '../../../../src/main/learning/optimizer/optimizer.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/**
 * Three steps on the gradient g = 2 w from w = [1, -2] at learning rate 0.1, from the published
 * formulas in float64 (Python): Adam with bias correction; RMSprop with rho 0.99; SGD, momentum 0.9.
 */
const expected = {
  adam: [0.70158627294603, -1.7006233920464648],
  rmsprop: [0, -0.30968738758710745],
  sgd: [0.062, -0.124],
} as const;

it.each(['adam', 'rmsprop', 'sgd'] as const)('%s follows its formula', (name) => {
  const optimizer = buildOptimizer({ name, learningRate: 0.1, momentum: 0.9 });
  let parameters = tf.tensor1d([1, -2]);
  let slots = optimizer.slots.map(() => tf.zeros<tf.Rank.R1>([2]));
  for (let step = 1; step <= 3; step += 1) {
    const scalars = optimizer.scalarsAt(0.1, step).map((value) => tf.scalar(value));
    ({ parameters, slots } = optimizer.update(parameters, tf.mul(parameters, 2), slots, scalars));
  }
  parameters.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(expected[name][i] ?? Number.NaN, 5);
  });
});
