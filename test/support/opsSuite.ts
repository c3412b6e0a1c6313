import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { depthwiseConv2d } from '../../src/main/learning/engine/depthwise.ts';
import type { Ops } from '../../src/main/learning/engine/ops.ts';
import { softmax } from '../../src/main/learning/engine/softmax.ts';
import { fillWords } from '../../src/core/philox.ts';
import { positionOf } from '../../src/core/stepDraws.ts';
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
      gelu: (ops, x) => ops.gelu(x),
      layerNorm: (ops, x) => ops.layerNorm(x, tf.tensor1d([1, 2, -1]), tf.tensor1d([0, 1, 2])),
      'a convolution by 3 x 3, stride 2': (ops, x) =>
        ops.conv2d(x as tf.Tensor4D, spread([3, 3, K, 2]) as tf.Tensor4D, 2, 1),
      'a convolution by 1 x 1, stride 2': (ops, x) =>
        ops.conv2d(x as tf.Tensor4D, spread([1, 1, K, 2]) as tf.Tensor4D, 2, 0),
      'a convolution of patches': (ops, x) =>
        ops.conv2d(x as tf.Tensor4D, spread([2, 2, K, 2]) as tf.Tensor4D, 2, 0),
      softmax: (_, x) => softmax(x),
      'a depthwise convolution': (_, x) =>
        depthwiseConv2d(x as tf.Tensor4D, spread([7, 7, K, 1]) as tf.Tensor4D),
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

    it.each([
      [3, 7, 0.5],
      [2, 64, 0.2],
      [5, 129, 0.9],
    ] as const)(
      'a dropout mask [%i, %i] at %f is the named words, to the bit',
      (rows, units, rate) => {
        const position = positionOf({ seed: 4_000_000_000, epoch: 3, step: 9 }, 'dropout');
        const words = new Int32Array(rows * units);
        fillWords([4_000_000_000, 1], [0, 0, 9, 3], words);
        // A word's 32 bits as a share of all of them, its sign bit turned over.
        const expected = Array.from(
          words,
          (word) => ((word ^ 0x80000000) >>> 0) / 2 ** 32 < 1 - rate,
        );
        const mask = tf.tidy(() =>
          getOps().dropoutMask(tf.tensor1d(position, 'int32'), [rows, units], rate).dataSync(),
        );
        expect(Array.from(mask, (value) => value > 0)).toEqual(expected);
        expect([...new Set(mask)].sort()).toEqual([0, Math.fround(1 / (1 - rate))]);
      },
    );

    it('a dropout mask keeps what is below the threshold, and not what is at it', () => {
      const position = positionOf({ seed: 5, epoch: 1, step: 2 }, 'dropout');
      const words = new Int32Array(8);
      fillWords([5, 1], [0, 0, 2, 1], words);
      const isKept = (share: number): boolean[] => {
        const mask = tf.tidy(() =>
          getOps()
            .dropoutMask(tf.tensor1d(position, 'int32'), [1, 8], 1 - share)
            .dataSync(),
        );
        return Array.from(mask, (value) => value > 0);
      };
      // Shares of 32 bits are exact, and so is what dropout leaves of them.
      for (const at of words) {
        expect(isKept((at + 2 ** 31) / 2 ** 32)).toEqual(Array.from(words, (word) => word < at));
      }
    });

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

    it.each([
      [3, 2, 1],
      [1, 2, 0],
      [1, 1, 0],
      [2, 2, 0],
      [4, 4, 0],
      [3, 1, 1],
    ])(
      'a convolution of side %i, stride %i and padding %i sums what lies under its kernel',
      (side, stride, padding) => {
        // An odd size, so that a stride leaves a column or goes beyond the edge.
        const [size, outputs] = [5, 2];
        const x = spread([2, size, size, K]);
        const kernel = spread([side, side, K, outputs]) as tf.Tensor4D;
        const y = getOps().conv2d(x as tf.Tensor4D, kernel, stride, padding);
        const out = Math.floor((size + 2 * padding - side) / stride) + 1;
        expect(y.shape).toEqual([2, out, out, outputs]);
        const [pixels, weights] = [x.dataSync(), kernel.dataSync()];
        const at = (image: number, row: number, column: number, k: number): number => {
          const isInside = Math.min(row, column) >= 0 && Math.max(row, column) < size;
          return isInside ? (pixels[((image * size + row) * size + column) * K + k] ?? NaN) : 0;
        };
        const expected = Array.from({ length: y.size }, (_, i) => {
          const [place, o] = [Math.floor(i / outputs), i % outputs];
          const [line, column] = [Math.floor(place / out), place % out];
          const [image, row] = [Math.floor(line / out), line % out];
          let sum = 0;
          for (let tap = 0; tap < side * side * K; tap += 1) {
            const [k, cell] = [tap % K, Math.floor(tap / K)];
            const [down, right] = [Math.floor(cell / side), cell % side];
            const [r, c] = [row * stride + down - padding, column * stride + right - padding];
            sum += at(image, r, c, k) * (weights[tap * outputs + o] ?? NaN);
          }
          return sum;
        });
        expect(relativeError(y.dataSync(), expected)).toBeLessThan(1e-6);
      },
    );

    it('convolutions pass gradients to their kernels, with a stride and by channel', () => {
      const ops = getOps();
      const x = spread(shape) as tf.Tensor4D;
      const strided = (kernel: tf.Tensor): tf.Tensor =>
        weigh(tf.square(ops.conv2d(x, kernel as tf.Tensor4D, 2, 1)));
      // Of an even size the stride leaves out the last row.
      const wide = spread([2, 8, 8, K]) as tf.Tensor4D;
      const skipping = (kernel: tf.Tensor): tf.Tensor =>
        weigh(tf.square(ops.conv2d(wide, kernel as tf.Tensor4D, 2, 0)));
      const byChannel = (kernel: tf.Tensor): tf.Tensor =>
        weigh(tf.square(depthwiseConv2d(x, kernel as tf.Tensor4D)));
      // The gradient by x, differentiated by the kernel: what Grad-CAM in training needs.
      const mixed = (kernel: tf.Tensor): tf.Tensor => {
        const byX = tf.grad((a: tf.Tensor) =>
          weigh(tf.square(depthwiseConv2d(a as tf.Tensor4D, kernel as tf.Tensor4D))),
        );
        return weigh(byX(x));
      };
      for (const [scalar, side, tolerance] of [
        [strided, [3, 3, K, 2], 5e-3],
        [skipping, [1, 1, K, 2], 5e-3],
        [byChannel, [3, 3, K, 1], 5e-3],
        [mixed, [3, 3, K, 1], 2e-2],
      ] as const) {
        const kernel = spread([...side]);
        const error = relativeError(
          tapeGradient(scalar, kernel),
          numericalGradient(scalar, kernel),
        );
        expect(error).toBeLessThan(tolerance);
      }
    });

    it('gelu weighs x by the normal distribution', () => {
      const x = tf.tensor1d([-6, -3, -1, -0.1, 0, 0.1, 1, 3, 6]);
      // By the error function of SciPy.
      const expected = [
        ...[-5.9194856e-9, -0.004049694, -0.15865526, -0.046017216, 0],
        ...[0.053982784, 0.84134475, 2.9959502, 5.9999999941],
      ];
      const actual = getOps().gelu(x).dataSync();
      expected.forEach((value, i) => {
        expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(1e-6);
      });
    });

    it('layerNorm centres and scales each row by its own biased variance', () => {
      const x = tf.tensor2d([1, 3, 5, 10, 10, 40], [2, 3]);
      const y = getOps().layerNorm(x, tf.tensor1d([1, 2, 1]), tf.tensor1d([0, 0, 5]));
      const [a, b] = [Math.sqrt(8 / 3), Math.sqrt(200)];
      expect(
        relativeError(y.dataSync(), [-2 / a, 0, 5 + 2 / a, -10 / b, -20 / b, 5 + 20 / b]),
      ).toBeLessThan(1e-6);
      const byBoth = (both: tf.Tensor): tf.Tensor => {
        const [gamma, beta] = tf.split(both, 2) as [tf.Tensor1D, tf.Tensor1D];
        return weigh(tf.square(getOps().layerNorm(x, gamma, beta)));
      };
      const at = tf.tensor1d([1, 0.5, -1, 0.3, 2, -0.7]);
      expect(relativeError(tapeGradient(byBoth, at), numericalGradient(byBoth, at))).toBeLessThan(
        5e-3,
      );
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
