import * as tf from '@tensorflow/tfjs';
import { geometryOf } from '../../../core/models/layerKinds.ts';
import type { Layer, LayerSpec } from '../../../core/models/layers.ts';
import { depthwiseConv2d } from '../engine/depthwise.ts';
import { stopGradient, type Ops } from '../engine/ops.ts';
import type { Weights } from './parameters.ts';
import { computeSimilarity, measureDistances, sigmoid, takeNearest } from './prototypes/layers.ts';
import { attendInWindows } from './windowAttention.ts';

/** What a forward pass needs besides its input. */
export interface ForwardContext {
  ops: Ops;
  weights: Weights;
  /** Running statistics for evaluation; null normalises by the batch's own (training). */
  statistics: Weights | null;
  /** [B, features], 0 or 1 / (1 - dropout); null keeps everything. */
  dropoutMask: tf.Tensor2D | null;
}

/** Mean and unbiased variance [K] that each batch norm saw, by layer name (`bn1`). */
export type BatchStatistics = Record<string, { mean: tf.Tensor1D; variance: tf.Tensor1D }>;

function weight(weights: Weights, name: string): tf.Tensor {
  const tensor = weights[name];
  if (tensor === undefined) throw new RangeError(`model: no weight named ${name}`);
  return tensor;
}

const vector = (weights: Weights, name: string): tf.Tensor1D =>
  weight(weights, name) as tf.Tensor1D;

/** What one layer of a kind makes of x [B, ...input], and of the other layer that a sum has -> [B, ...output]. */
export type Apply<Spec extends LayerSpec = LayerSpec> = (
  x: tf.Tensor,
  layer: Layer & { spec: Spec },
  context: ForwardContext,
  seen: BatchStatistics,
  other: tf.Tensor | undefined,
) => tf.Tensor;

const normalize: Apply = (x, { spec: { name } }, { ops, weights, statistics }, seen) => {
  const images = x as tf.Tensor4D;
  const gamma = vector(weights, `${name}/gamma`);
  const beta = vector(weights, `${name}/beta`);
  if (statistics !== null) {
    const mean = vector(statistics, `${name}/mean`);
    const variance = vector(statistics, `${name}/variance`);
    return ops.batchNormInference(images, gamma, beta, mean, variance);
  }
  const { y, mean, variance } = ops.batchNorm(images, gamma, beta);
  seen[name] = { mean: tf.keep(mean), variance: tf.keep(variance) };
  return y;
};

type Convolution = Extract<LayerSpec, { kind: 'convolution' }>;

/** x [B, H, W, C] -> [B, H', W', K], without the bias. */
function multiplyPatches(x: tf.Tensor, spec: Convolution, context: ForwardContext): tf.Tensor4D {
  const { ops, weights } = context;
  const { stride, padding } = geometryOf(spec);
  const kernel = weight(weights, `${spec.name}/kernel`) as tf.Tensor4D;
  return ops.conv2d(x as tf.Tensor4D, kernel, stride, padding);
}

/** x [B, H, W, C] -> [B, H', W', K]; where a batch norm follows there may be no bias to add. */
const convolve: Apply<Convolution> = (x, { spec }, context) => {
  const y = multiplyPatches(x, spec, context);
  const { ops, weights } = context;
  return spec.bias === false ? y : ops.biasAdd(y, vector(weights, `${spec.name}/bias`));
};

/** x [B, ..., features] -> [B, ..., outputs] */
const multiply: Apply<Extract<LayerSpec, { kind: 'dense' }>> = (x, layer, { ops, weights }) => {
  const { spec, input, output } = layer;
  const own = weight(weights, `${spec.name}/kernel`) as tf.Tensor2D;
  const kernel = spec.fixed === true ? stopGradient(own) : own;
  const finish = (y: tf.Tensor): tf.Tensor =>
    spec.bias === false ? y : ops.biasAdd(y, vector(weights, `${spec.name}/bias`));
  if (input.length === 1) return finish(tf.matMul(x, kernel));
  const rows = tf.reshape(x, [-1, input.at(-1) ?? 0]);
  return tf.reshape(finish(tf.matMul(rows, kernel)), [-1, ...output]);
};

/** x [B, H, W, C] with a row or column of zeros where one lacks to 2 x `height` x 2 x `width`. */
const makeEven = (x: tf.Tensor, height: number, width: number): tf.Tensor => {
  const missing = [2 * height - (x.shape[1] ?? 0), 2 * width - (x.shape[2] ?? 0)] as const;
  if (missing[0] + missing[1] === 0) return x;
  return tf.pad(x, [
    [0, 0],
    [0, missing[0]],
    [0, missing[1]],
    [0, 0],
  ]);
};

/** x [B, H, W, C] -> every other position, with channels of zeros behind */
const shrink: Apply = (x, { output }) => {
  const [height = 0, width = 0, channels = 0] = output;
  const own = x.shape.at(-1) ?? 0;
  const even = makeEven(x, height, width);
  const rows = tf.reshape(even, [-1, 2, width, 2 * own]);
  const corners = tf.slice(rows, [0, 0, 0, 0], [-1, 1, -1, own]);
  return tf.pad(tf.reshape(corners, [-1, height, width, own]), [
    ...Array.from({ length: 3 }, (): [number, number] => [0, 0]),
    [0, channels - own],
  ]);
};

/** Keeps the gradient of a channel's norm finite where the channel is 0 everywhere. */
const responseEpsilon = 1e-12;

/** x [B, H, W, K] */
const normalizeResponse: Apply = (x, { spec: { name } }, { weights }) => {
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(x), [1, 2], true), responseEpsilon));
  const relative = tf.div(norms, tf.add(tf.mean(norms, 3, true), 1e-6));
  const scale = tf.add(tf.mul(relative, vector(weights, `${name}/gamma`)), 1);
  return tf.add(tf.mul(x, scale), vector(weights, `${name}/beta`));
};

/** What a layer of each kind computes. */
export const applyByKind: {
  readonly [Kind in LayerSpec['kind']]: Apply<Extract<LayerSpec, { kind: Kind }>>;
} = {
  convolution: convolve,
  batchNorm: normalize,
  relu: (x, _, { ops }) => ops.relu(x),
  gelu: (x, _, { ops }) => ops.gelu(x),
  sigmoid,
  layerNorm: (x, { spec: { name } }, { ops, weights }) =>
    ops.layerNorm(x, vector(weights, `${name}/gamma`), vector(weights, `${name}/beta`)),
  depthwise: (x, { spec: { name } }, { ops, weights }) => {
    const kernel = weight(weights, `${name}/kernel`) as tf.Tensor4D;
    const y = depthwiseConv2d(x as tf.Tensor4D, kernel);
    return ops.biasAdd(y, vector(weights, `${name}/bias`));
  },
  responseNorm: normalizeResponse,
  windowAttention: (x, { spec: { name, ...windows } }, { weights }) =>
    attendInWindows(
      x as tf.Tensor4D,
      {
        qkv: weight(weights, `${name}/qkv/kernel`) as tf.Tensor2D,
        qkvBias: vector(weights, `${name}/qkv/bias`),
        projection: weight(weights, `${name}/projection/kernel`) as tf.Tensor2D,
        projectionBias: vector(weights, `${name}/projection/bias`),
        positionBias: weight(weights, `${name}/positionBias`) as tf.Tensor2D,
      },
      windows,
    ),
  mergePatches: (x, { output }) => {
    const [height = 0, width = 0, channels = 0] = output;
    const rows = tf.reshape(makeEven(x, height, width), [-1, 2, width, channels / 2]);
    return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [-1, height, width, channels]);
  },
  maxPool: (x, _, { ops }) => ops.maxPool2x2(x as tf.Tensor4D),
  averagePool: (x) => tf.mean(x, [1, 2]),
  prototypes: (x, { spec: { name } }, { weights }) =>
    measureDistances(x, weight(weights, `${name}/vectors`)),
  nearest: takeNearest,
  similarity: computeSimilarity,
  add: (x, _, __, ___, other) => tf.add(x, other as tf.Tensor),
  shrink,
  flatten: (x, { output }) => tf.reshape(x, [-1, ...output]),
  dropout: (x, _, { dropoutMask }) => (dropoutMask === null ? x : tf.mul(x, dropoutMask)),
  dense: multiply,
};

/** What a layer alone makes of x [B, ...input], and of the other layer that a sum has; for evaluation. */
export const runLayer = (
  layer: Layer,
  x: tf.Tensor,
  context: ForwardContext,
  other?: tf.Tensor,
): tf.Tensor => (applyByKind[layer.spec.kind] as Apply)(x, layer, context, {}, other);

/** A convolution as one with its batch norm, by given statistics, and its ReLU. */
export const convolveAndFinish =
  (finish: NonNullable<Ops['finishConvolution']>, norm: string): Apply<Convolution> =>
  (x, { spec }, context) => {
    const { weights, statistics } = context;
    const moments = statistics ?? {};
    return finish(multiplyPatches(x, spec, context), {
      bias: spec.bias === false ? null : vector(weights, `${spec.name}/bias`),
      gamma: vector(weights, `${norm}/gamma`),
      beta: vector(weights, `${norm}/beta`),
      mean: vector(moments, `${norm}/mean`),
      variance: vector(moments, `${norm}/variance`),
    });
  };
