import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  averageByClass,
  compareWithinBatch,
  compareWithPrototype,
} from '../../../../src/main/learning/objective/prototypeCam.ts';
import { spread } from '../../../support/finiteDifferences.ts';
import { compareGiven, gradientError, oneHot } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const cam = (): tf.Tensor3D => tf.tensor3d([0, 1, 0.5, 0.5, 1, 0], [3, 1, 2]);

it('is half the squared distance to the mean image of the class', () => {
  const classMeans = tf.tensor3d([0, 0, 0.5, 0, 1, 0], [3, 1, 2]);
  const [a, b, c] = compareGiven(compareWithPrototype('sum'), cam(), { classMeans });
  expect([a, b, c].map((loss) => Number(loss?.toFixed(5)))).toEqual([0.5, 0.125, 0]);
  const [mean] = compareGiven(compareWithPrototype('mean'), cam(), { classMeans });
  expect(mean).toBeCloseTo(0.25, 6);
});

it('averages the maps of a class in the batch', () => {
  const square = tf.tensor3d([0, 1, 0.5, 0.5], [4, 1, 1]);
  expect([...averageByClass(square, oneHot(2, 0, 1, 0, 0)).dataSync()]).toEqual(
    [1 / 3, 1, 1 / 3, 1 / 3].map(Math.fround),
  );
});

it('is half the squared distance to it; an only one of its class costs nothing', () => {
  const maps = tf.tensor3d([0, 1, 1, 1], [4, 1, 1]);
  const labels = oneHot(2, 0, 1, 0, 0);
  const losses = compareGiven(compareWithinBatch('sum'), maps, { labels });
  // The mean of 0, 1 and 1 is 2/3.
  [2 / 9, 0, 1 / 18, 1 / 18].forEach((expected, i) => {
    expect(losses[i]).toBeCloseTo(expected, 6);
  });
});

it('have the gradients of their values', () => {
  const classMeans = spread([3, 4, 4], 0, 1, 0.755) as tf.Tensor3D;
  expect(gradientError(compareWithPrototype('sum'), { classMeans })).toBeLessThan(1e-2);
  expect(gradientError(compareWithinBatch('mean'))).toBeLessThan(1e-2);
});

it('cannot be computed without class means', () => {
  expect(() => compareGiven(compareWithPrototype('sum'), cam(), {})).toThrow('class means');
});
