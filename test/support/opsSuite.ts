import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Ops } from '../../src/main/learning/engine/ops.ts';
import { relativeError } from './golden.ts';
import { numericalGradient, spread, tapeGradient } from './finiteDifferences.ts';

/** Any fixed linear functional, so that a tensor becomes a scalar with a telling gradient. */
const weigh = (y: tf.Tensor): tf.Tensor =>
  tf.sum(tf.mul(y, spread(y.shape, -1, 2, 0.7548776662466927)));

/** Values whose distance from the kink at zero exceeds the step of the differences. */
const awayFromZero = (shape: number[]): tf.Tensor =>
  tf.tidy(() => {
    const x = spread(shape);
    return tf.add(x, tf.mul(tf.sign(x), 0.05));
  });

/** What every implementation of `Ops` must do, checked by arithmetic and finite differences. */
export function describeOps(getOps: () => Ops): void {
  describe('operations', () => {
    const K = 3;
    const shape: [number, number, number, number] = [2, 4, 4, K];
    const cases: Record<string, (ops: Ops, x: tf.Tensor) => tf.Tensor> = {
      biasAdd: (ops, x) => ops.biasAdd(x, tf.tensor1d([1, -2, 3])),
      relu: (ops, x) => ops.relu(x),
      maxPool2x2: (ops, x) => ops.maxPool2x2(x as tf.Tensor4D),
      batchNorm: (ops, x) =>
        ops.batchNorm(x as tf.Tensor4D, tf.tensor1d([1, 2, -1]), tf.tensor1d([0, 1, 2])).y,
      sumChannels: (ops, x) =>
        ops.sumChannels(x as tf.Tensor4D, tf.tensor2d([1, -2, 3, 0.5, 1, 0], [2, 3])),
      batchNormInference: (ops, x) =>
        ops.batchNormInference(
          x as tf.Tensor4D,
          tf.tensor1d([1, 2, -1]),
          tf.tensor1d([0, 1, 2]),
          tf.tensor1d([0.1, 0.2, 0.3]),
          tf.tensor1d([1, 2, 3]),
        ),
    };

    it.each(Object.entries(cases))('%s has the gradient of its values', (_, apply) => {
      const ops = getOps();
      const x = awayFromZero(shape);
      const scalar = (input: tf.Tensor): tf.Tensor => weigh(apply(ops, input));
      expect(relativeError(tapeGradient(scalar, x), numericalGradient(scalar, x))).toBeLessThan(
        5e-3,
      );
      x.dispose();
    });

    it.each(Object.entries(cases))('%s can be differentiated twice', (_, apply) => {
      const ops = getOps();
      const x = awayFromZero(shape);
      const first = tf.grad((input: tf.Tensor) => weigh(tf.square(apply(ops, input))));
      const scalar = (input: tf.Tensor): tf.Tensor => weigh(first(input));
      expect(relativeError(tapeGradient(scalar, x), numericalGradient(scalar, x))).toBeLessThan(
        2e-2,
      );
      x.dispose();
    });

    it('batchNorm passes gradients to gamma and beta', () => {
      const ops = getOps();
      const x = spread(shape) as tf.Tensor4D;
      const other = tf.tensor1d([0.5, -1, 2]);
      const byGamma = (gamma: tf.Tensor): tf.Tensor =>
        weigh(tf.square(ops.batchNorm(x, gamma as tf.Tensor1D, other).y));
      const byBeta = (beta: tf.Tensor): tf.Tensor =>
        weigh(tf.square(ops.batchNorm(x, other, beta as tf.Tensor1D).y));
      for (const scalar of [byGamma, byBeta]) {
        const at = tf.tensor1d([1, 0.7, -0.4]);
        expect(relativeError(tapeGradient(scalar, at), numericalGradient(scalar, at))).toBeLessThan(
          5e-3,
        );
      }
    });

    it('batchNorm normalises by the biased variance and reports the unbiased one', () => {
      const x = tf.tensor4d([1, 10, 3, 10, 5, 10, 7, 50], [2, 2, 1, 2]);
      const { y, mean, variance } = getOps().batchNorm(x, tf.tensor1d([1, 1]), tf.tensor1d([0, 0]));
      expect(relativeError(mean.dataSync(), [4, 20])).toBeLessThan(1e-6);
      expect(relativeError(variance.dataSync(), [5 * (4 / 3), 400])).toBeLessThan(1e-6);
      const [, , , , , , , last = Number.NaN] = y.dataSync();
      expect(last).toBeCloseTo(30 / Math.sqrt(300 + 1e-5), 5);
    });

    it('batchNorm’s moments keep their digits over a large batch, most of it background', () => {
      const [batch, size] = [270, 28];
      const positions = batch * size * size;
      const values = Float32Array.from({ length: 2 * positions }, (_, i) => {
        const [position, channel] = [i >> 1, i % 2];
        const isStroke = (position * 7919) % 100 < 15;
        return (channel === 0 ? -0.3371 : 0.1129) + (isStroke ? ((position * 31) % 97) / 50 : 0);
      });
      const moments = [0, 1].map((channel) => {
        const own = values.filter((_, i) => i % 2 === channel);
        const mean = own.reduce((sum, value) => sum + value, 0) / positions;
        const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        return { mean, variance: squares / (positions - 1) };
      });
      const x = tf.tensor4d(values, [batch, size, size, 2]);
      const seen = getOps().batchNorm(x, tf.tensor1d([1, 1]), tf.tensor1d([0, 0]));
      const [means, variances] = [seen.mean.dataSync(), seen.variance.dataSync()];
      moments.forEach(({ mean, variance }, channel) => {
        expect(Math.abs((means[channel] ?? 0) - mean) / Math.sqrt(variance)).toBeLessThan(1e-5);
        expect(Math.abs((variances[channel] ?? 0) / variance - 1)).toBeLessThan(1e-5);
      });
      tf.dispose([x, ...Object.values(seen)]);
    });

    it('sumChannels weighs the channels of each image by its own weights', () => {
      const ops = getOps();
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 1, 2]);
      const weights = tf.tensor2d([1, 10, 100, -1], [2, 2]);
      expect([...ops.sumChannels(x, weights).dataSync()]).toEqual([21, 43, 494, 692]);
      const byWeight = (w: tf.Tensor): tf.Tensor =>
        weigh(tf.square(ops.sumChannels(x, w as tf.Tensor2D)));
      const at = tf.tensor2d([0.5, -1, 2, 0.3], [2, 2]);
      expect(
        relativeError(tapeGradient(byWeight, at), numericalGradient(byWeight, at)),
      ).toBeLessThan(5e-3);
    });

    it('maxPool2x2 gives the gradient to the first of equal maxima and drops an odd edge', () => {
      const x = tf.tensor4d([2, 2, 9, 0, 2, 9, 9, 9, 9], [1, 3, 3, 1]);
      const ops = getOps();
      expect([...ops.maxPool2x2(x).dataSync()]).toEqual([2]);
      const gradient = tapeGradient((input) => tf.sum(ops.maxPool2x2(input as tf.Tensor4D)), x);
      expect([...gradient]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
    });

    it('argMax takes the first of equal maxima', () => {
      const indices = tf.argMax(tf.tensor2d([0, 3, 3, 5, 5, 5], [2, 3]), 1);
      expect([...indices.dataSync()]).toEqual([1, 0]);
    });

    it('relu has no gradient at zero', () => {
      const ops = getOps();
      const gradient = tapeGradient((x) => tf.sum(ops.relu(x)), tf.tensor1d([-1, 0, 2]));
      expect([...gradient]).toEqual([0, 0, 1]);
    });

    it('convolution passes gradients to its input and kernel', () => {
      const kernel = spread([3, 3, K, 2]) as tf.Tensor4D;
      const x = spread(shape) as tf.Tensor4D;
      const byInput = (input: tf.Tensor): tf.Tensor =>
        weigh(tf.conv2d(input as tf.Tensor4D, kernel, 1, 'same'));
      const byKernel = (input: tf.Tensor): tf.Tensor =>
        weigh(tf.conv2d(x, input as tf.Tensor4D, 1, 'same'));
      expect(relativeError(tapeGradient(byInput, x), numericalGradient(byInput, x))).toBeLessThan(
        5e-3,
      );
      const actual = tapeGradient(byKernel, kernel);
      expect(relativeError(actual, numericalGradient(byKernel, kernel))).toBeLessThan(5e-3);
    });
  });
}
