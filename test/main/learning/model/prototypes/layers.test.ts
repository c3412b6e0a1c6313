import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  computeSimilarity,
  measureDistances,
  sigmoid,
  takeNearest,
} from '../../../../../src/main/learning/model/prototypes/layers.ts';
import { numericalGradient, spread, tapeGradient } from '../../../../support/finiteDifferences.ts';
import { relativeError } from '../../../../support/golden.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('by hand: squared distances of two positions to three points', () => {
  const map = tf.tensor4d([1, 2, 0, 4], [1, 1, 2, 2]);
  const distances = measureDistances(map, tf.tensor2d([1, 2, 0, 0, 3, 5], [3, 2]));
  expect(distances.shape).toEqual([1, 1, 2, 3]);
  expect([...distances.dataSync()]).toEqual([0, 5, 13, 5, 16, 10]);
});

it('tells near points apart that lie far from 0', () => {
  const near = 1 + 2 ** -20;
  const distances = measureDistances(tf.fill<tf.Rank.R4>([1, 1, 1, 4], 1), tf.fill([1, 4], near));
  expect(distances.dataSync()[0]).toBe(4 * 2 ** -40);
});

it('is the same in pieces as at once', () => {
  // Of 2^22 differences at a time: 512 rows, and 88 that are left.
  const [rows, points] = [spread([600, 1, 1, 64], 0, 1), spread([128, 64], 0, 1, 0.414)];
  const distances = measureDistances(rows, points).dataSync();
  const [x, p] = [rows.dataSync(), points.dataSync()];
  for (const [n, q] of [
    [0, 0],
    [511, 127],
    [512, 0],
    [599, 127],
  ] as const) {
    const expected = Array.from(
      { length: 64 },
      (_, k) => (x[n * 64 + k] ?? 0) - (p[q * 64 + k] ?? 0),
    ).reduce((sum, apart) => sum + apart ** 2, 0);
    expect(distances[n * 128 + q]).toBeCloseTo(expected, 4);
  }
});

it('is most similar where there is no distance: ln 10,000', () => {
  const [none, one, far] = computeSimilarity(tf.tensor1d([0, 1, 1e4])).dataSync();
  expect(none).toBeCloseTo(Math.log(1e4), 5);
  expect(one).toBeCloseTo(Math.log(2 / 1.0001), 6);
  expect(far).toBeCloseTo(0.9999e-4, 6);
});

it('takes the nearest position of each prototype, and of equal ones the first', () => {
  // Two positions a row, two rows; two prototypes.
  const distances = tf.tensor4d([3, 1, 2, 9, 2, 1, 4, 8], [1, 2, 2, 2]);
  expect([...takeNearest(distances).dataSync()]).toEqual([2, 1]);
  const slope = tapeGradient((d) => tf.sum(tf.mul(takeNearest(d), [10, 100])), distances);
  expect([...slope]).toEqual([0, 100, 10, 0, 0, 0, 0, 0]);
});

it('takes the one position that a map has', () => {
  const distances = tf.tensor4d([3, 1], [1, 1, 1, 2]);
  expect([...takeNearest(distances).dataSync()]).toEqual([3, 1]);
});

const map = spread([2, 2, 2, 3], 0, 1);
const points = spread([4, 3], 0, 1, 0.414);
const close = (fn: (x: tf.Tensor) => tf.Tensor, at: tf.Tensor): void => {
  expect(relativeError(tapeGradient(fn, at), numericalGradient(fn, at, 3e-3))).toBeLessThan(1e-2);
};

it('has the gradients of its values, by the map and by the points', () => {
  const weights = spread([2, 2, 2, 4], -1, 1, 0.732);
  close((x) => tf.sum(tf.mul(computeSimilarity(measureDistances(x, points)), weights)), map);
  close((p) => tf.sum(tf.mul(computeSimilarity(measureDistances(map, p)), weights)), points);
});

it('has second derivatives, those of the sigmoid too', () => {
  const slope = (x: tf.Tensor): tf.Tensor =>
    tf.sum(
      tf.square(
        tf.grad((y: tf.Tensor) => tf.sum(tf.square(measureDistances(sigmoid(y), points))))(x),
      ),
    );
  close(slope, map);
});
