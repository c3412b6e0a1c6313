import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { ssim } from '../../../../src/core/metrics/examples/ssim.ts';
import { compareStructure, computeSsim } from '../../../../src/main/learning/objective/ssimCam.ts';
import { spread } from '../../../support/finiteDifferences.ts';
import { compareGiven, gradientError } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const draw = (ratio: number, size: number): tf.Tensor3D =>
  spread([2, size, size], 0, 1, ratio) as tf.Tensor3D;

it.each([11, 14])('is the metric of every image, at %i pixels', (size) => {
  const [x, y] = [draw(0.618, size), draw(0.755, size)];
  const measure = ssim.createMeasure(size);
  const cut = (all: tf.Tensor3D, i: number): Float32Array =>
    all.dataSync<'float32'>().slice(i * size ** 2, (i + 1) * size ** 2);
  const expected = [0, 1].map((i) => measure(cut(x, i), cut(y, i)));
  [...computeSsim(x, y).dataSync()].forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
  });
  expect(expected[0]).not.toBeCloseTo(expected[1] ?? 0, 3);
});

it('costs nothing where map and image are the same, and 1 less than a constant differs', () => {
  const x = draw(0.618, 12);
  compareGiven(compareStructure, x, { images: x }).forEach((loss) => {
    expect(loss).toBeCloseTo(0, 5);
  });
  // Of two constants a and b: (2ab + C1) / (a² + b² + C1) with C1 = 0.0001; no variance.
  const constants = { images: tf.fill<tf.Rank.R3>([1, 11, 11], 0.25) };
  const [loss] = compareGiven(compareStructure, tf.fill([1, 11, 11], 0.5), constants);
  expect(loss).toBeCloseTo(1 - 0.2501 / 0.3126, 5);
});

it('has the gradient of its value', () => {
  const images = spread([3, 12, 12], 0, 1) as tf.Tensor3D;
  expect(gradientError(compareStructure, { images })).toBeLessThan(2e-2);
});
