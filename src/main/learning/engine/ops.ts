import * as tf from '@tensorflow/tfjs';
import { fillWords, type PhiloxCounter, type PhiloxKey } from '../../../core/philox.ts';
import { keepThreshold } from '../../../core/stepDraws.ts';
import { composeGelu, differentiableGelu } from './gelu.ts';
import { composeLayerNorm } from './layerNorm.ts';
import { averagePositions, sumRows, type Reductions } from './reductions.ts';

/**
 * The few operations that engines implement in ways of their own; everything else is plain tfjs.
 * Each is differentiable twice, because Grad-CAM in training differentiates a gradient.
 */
export interface Ops {
  /**
   * x [B, H, W, C] by a kernel [k, k, C, K], with `padding` zeros around the image:
   * [B, H', W', K], H' = floor((H + 2 padding - k) / stride) + 1.
   */
  conv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D;
  /** x [..., K] + bias [K]. */
  biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T;
  /** x Φ(x), Φ the normal distribution function. */
  gelu<T extends tf.Tensor>(x: T): T;
  /** gamma (x - mean) / sqrt(variance + 1e-6) + beta over the last axis: x [..., K], the others [K]. */
  layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor1D, beta: tf.Tensor1D): T;
  /** max(0, x); the derivative at 0 is 0. */
  relu<T extends tf.Tensor>(x: T): T;
  /** x [B, H, W, K] -> [B, floor(H/2), floor(W/2), K]; of equal maxima the first takes the gradient. */
  maxPool2x2(x: tf.Tensor4D): tf.Tensor4D;
  /**
   * Batch norm by the batch's own statistics over B, H and W: gamma (x - mean) / sqrt(variance + eps) + beta.
   * `mean` and `variance` [K] carry no gradient; they are for the running statistics, and so the
   * variance is the unbiased one, as in PyTorch and TensorFlow.
   */
  batchNorm(
    x: tf.Tensor4D,
    gamma: tf.Tensor1D,
    beta: tf.Tensor1D,
  ): { y: tf.Tensor4D; mean: tf.Tensor1D; variance: tf.Tensor1D };
  /** sum_k weights_k x_k for each position: x [B, H, W, K], weights [B, K] -> [B, H, W]. */
  sumChannels(x: tf.Tensor4D, weights: tf.Tensor2D): tf.Tensor3D;
  /**
   * 1 / (1 - dropout) with the probability 1 - dropout, else 0: element i by the word i of `position`
   * (`stepDraws.ts`), the same on every engine. Without gradient.
   *
   * @param position int32 [6]
   * @param dropout in (0, 1)
   */
  dropoutMask(position: tf.Tensor1D, shape: [number, number], dropout: number): tf.Tensor2D;
  /** Batch norm by given statistics [K]. */
  batchNormInference(
    x: tf.Tensor4D,
    gamma: tf.Tensor1D,
    beta: tf.Tensor1D,
    mean: tf.Tensor1D,
    variance: tf.Tensor1D,
  ): tf.Tensor4D;
  /** Whether all elements of some vectors are finite, and their sum is, as a bool. Without gradient. */
  areFinite(vectors: readonly tf.Tensor1D[]): tf.Scalar;
  /**
   * What stands behind a convolution y [B, H, W, K] in evaluation: its bias, batch norm by given statistics
   * and ReLU, to the same bits as one after the other. Only of engines that have it in one pass.
   */
  finishConvolution?: (y: tf.Tensor4D, finish: ConvolutionFinish) => tf.Tensor4D;
}

/** Each [K]. */
export interface ConvolutionFinish {
  bias: tf.Tensor1D | null;
  gamma: tf.Tensor1D;
  beta: tf.Tensor1D;
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/** The epsilon of every batch norm. */
export const batchNormEpsilon = 1e-5;

/**
 * The same values in a tensor that no gradient tape knows: gradients end here. tfjs has no such
 * operation; a tensor made from another's data, rather than by a kernel, leaves no tape entry.
 */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  const engine = tf.engine();
  engine.backend.incRef(x.dataId);
  return engine.makeTensorFromTensorInfo(x) as T;
}

/** Whether each of the four cells of a 2x2 window is its first maximum, as 0 or 1 without gradient. */
function firstMaximumMasks(cells: tf.Tensor[]): tf.Tensor[] {
  let taken: tf.Tensor = tf.zerosLike(tf.greater(cells[0] as tf.Tensor, 0));
  const largest = cells.reduce((a, b) => tf.maximum(a, b));
  return cells.map((cell) => {
    const first = tf.logicalAnd(tf.greaterEqual(cell, largest), tf.logicalNot(taken));
    taken = tf.logicalOr(taken, first);
    return stopGradient(tf.cast(first, 'float32'));
  });
}

/**
 * The four cells of each 2x2 window, row by row, each [B, H/2, W/2, K]; an odd last row or column is left out.
 * No reshape joins the axis of the channels with another (see `compiledOps.ts`).
 */
function windowCells(x: tf.Tensor4D): tf.Tensor4D[] {
  const [batch, fullHeight, fullWidth, channels] = x.shape;
  const [height, width] = [Math.floor(fullHeight / 2), Math.floor(fullWidth / 2)];
  const even = tf.slice(x, [0, 0, 0, 0], [batch, 2 * height, 2 * width, channels]);
  const windows = tf.reshape(even, [batch, height, 2, width, 2, channels]);
  return [0, 1, 2, 3].map((cell) => {
    const first = [0, 0, cell >> 1, 0, cell & 1, 0];
    const one = tf.slice(windows, first, [batch, height, 1, width, 1, channels]);
    return tf.reshape(one, [batch, height, width, channels]);
  });
}

/** x [B, H, W, C] with so many zeros on all four sides. */
const padImages = (x: tf.Tensor4D, width: number): tf.Tensor4D =>
  width === 0
    ? x
    : tf.pad(x, [
        [0, 0],
        [width, width],
        [width, width],
        [0, 0],
      ]);

/** The key and the counter of a position [6]. */
export function readPosition(position: Int32Array): { key: PhiloxKey; counter: PhiloxCounter } {
  const [seed = 0, purpose = 0, ...counter] = Array.from(position, (word) => word >>> 0);
  return { key: [seed, purpose], counter: counter as unknown as PhiloxCounter };
}

/** Every operation from tfjs's own, differentiable ones: the reference that engines are tested against. */
export const composedOps: Ops = {
  conv2d(x, kernel, stride, padding) {
    const [size] = kernel.shape;
    if (stride === 1 && 2 * padding === size - 1) return tf.conv2d(x, kernel, 1, 'same');
    return tf.conv2d(padImages(x, padding), kernel, stride, 'valid');
  },
  biasAdd: (x, bias) => tf.add(x, bias),
  relu: (x) => tf.relu(x),
  gelu: <T extends tf.Tensor>(x: T) => differentiableGelu(composeGelu)(x, 0) as T,
  layerNorm: (x, gamma, beta) => composeLayerNorm(x, gamma, beta),
  maxPool2x2(x) {
    const cells = windowCells(x);
    const masks = firstMaximumMasks(cells);
    return tf.addN(cells.map((cell, i) => tf.mul(cell, masks[i] as tf.Tensor4D)));
  },
  batchNorm(x, gamma, beta) {
    const mean = tf.mean<tf.Tensor1D>(x, [0, 1, 2]);
    const centred = tf.sub(x, mean);
    const variance = tf.mean<tf.Tensor1D>(tf.square(centred), [0, 1, 2]);
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, batchNormEpsilon)));
    const y = tf.add<tf.Tensor4D>(tf.mul(centred, scale), beta);
    const count = x.size / mean.size;
    const unbiased: tf.Tensor1D = tf.mul(variance, count / Math.max(1, count - 1));
    return { y, mean: stopGradient(mean), variance: stopGradient(unbiased) };
  },
  sumChannels(x, weights) {
    const [batch, height, width, channels] = x.shape;
    const positions = tf.reshape(x, [batch, height * width, channels]);
    const sums = tf.matMul(positions, tf.reshape(weights, [batch, channels, 1]));
    return tf.reshape(sums, [batch, height, width]);
  },
  dropoutMask(position, shape, dropout) {
    const { key, counter } = readPosition(position.dataSync<'int32'>());
    const words = new Int32Array(shape[0] * shape[1]);
    fillWords(key, counter, words);
    const [threshold, scale] = [keepThreshold(1 - dropout), 1 / (1 - dropout)];
    const mask = Float32Array.from(words, (word) => (word < threshold ? scale : 0));
    return tf.tensor2d(mask, shape);
  },
  batchNormInference: (x, gamma, beta, mean, variance) =>
    tf.batchNorm(x, mean, variance, beta, gamma, batchNormEpsilon),
  areFinite: (vectors) => tf.isFinite<tf.Scalar>(tf.addN(vectors.map((vector) => tf.sum(vector)))),
};

/**
 * The gradient of `batchNorm` from tfjs's operations, and so differentiable itself, also through the
 * statistics: slower than an engine's fused one, for where a gradient is differentiated.
 *
 * @param dy [B, H, W, K], x alike, gamma [K]
 */
export function composeBatchNormGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
  { average, sum }: Reductions = { average: averagePositions, sum: sumRows },
): { x: tf.Tensor; gamma: tf.Tensor; beta: tf.Tensor } {
  const count = x.size / gamma.size;
  const centred = tf.sub(x, average(x));
  const variance = average(tf.square(centred));
  const inverse = tf.rsqrt(tf.add(variance, batchNormEpsilon));
  const normalized = tf.mul(centred, inverse);
  const [dgamma, dbeta] = [sum(tf.mul(dy, normalized)), sum(dy)];
  const common = tf.div(tf.add(tf.mul(normalized, dgamma), dbeta), count);
  return { x: tf.mul(tf.sub(dy, common), tf.mul(gamma, inverse)), gamma: dgamma, beta: dbeta };
}
