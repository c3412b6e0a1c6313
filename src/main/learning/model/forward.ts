import * as tf from '@tensorflow/tfjs';
import type { Layer, LayerSpec } from '../../../core/models/layers.ts';
import type { Network } from '../../../core/models/network.ts';
import type { Ops } from '../engine/ops.ts';
import type { Weights } from './parameters.ts';

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

/**
 * Activations of the target layer -> logits [B, classes]. Tells the features [B, D] on the way, the input
 * of the last dense layer, to who wants to see them.
 */
export type Head = (activations: tf.Tensor4D, see?: (features: tf.Tensor2D) => void) => tf.Tensor2D;

export interface ForwardResult {
  /** [B, h, w, K] of the target layer. */
  activations: tf.Tensor4D;
  /** The rest of the network, not run yet. */
  head: Head;
  /** Complete once the head has run; kept, so the caller disposes it. Empty in evaluation mode. */
  batchStatistics: BatchStatistics;
}

function weight(weights: Weights, name: string): tf.Tensor {
  const tensor = weights[name];
  if (tensor === undefined) throw new RangeError(`model: no weight named ${name}`);
  return tensor;
}

const vector = (weights: Weights, name: string): tf.Tensor1D =>
  weight(weights, name) as tf.Tensor1D;

/** One layer on x [B, ...input] -> [B, ...output]. */
type Apply = (
  x: tf.Tensor,
  layer: Layer,
  context: ForwardContext,
  seen: BatchStatistics,
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

const kinds: Readonly<Record<LayerSpec['kind'], Apply>> = {
  convolution: (x, { spec: { name } }, { ops, weights }) =>
    ops.biasAdd(
      tf.conv2d(x as tf.Tensor4D, weight(weights, `${name}/kernel`) as tf.Tensor4D, 1, 'same'),
      vector(weights, `${name}/bias`),
    ),
  batchNorm: normalize,
  relu: (x, _, { ops }) => ops.relu(x),
  maxPool: (x, _, { ops }) => ops.maxPool2x2(x as tf.Tensor4D),
  flatten: (x, { output }) => tf.reshape(x, [-1, ...output]),
  dropout: (x, _, { dropoutMask }) => (dropoutMask === null ? x : tf.mul(x, dropoutMask)),
  dense: (x, { spec: { name } }, { ops, weights }) =>
    ops.biasAdd(
      tf.matMul(x as tf.Tensor2D, weight(weights, `${name}/kernel`) as tf.Tensor2D),
      vector(weights, `${name}/bias`),
    ),
};

/**
 * Runs the network on normalised images [B, S, S, 1] and cuts it behind `targetLayer`.
 * Call it inside a tidy.
 */
export function forward(
  { layers }: Network,
  images: tf.Tensor4D,
  context: ForwardContext,
  targetLayer: string,
): ForwardResult {
  const target = layers.findIndex(({ spec }) => spec.name === targetLayer);
  if (target < 0) throw new RangeError(`forward: the model has no layer ${targetLayer}`);
  const batchStatistics: BatchStatistics = {};
  const run = (x: tf.Tensor, part: readonly Layer[]): tf.Tensor =>
    part.reduce(
      (value, layer) => kinds[layer.spec.kind](value, layer, context, batchStatistics),
      x,
    );
  const activations = run(images, layers.slice(0, target + 1)) as tf.Tensor4D;
  const last = layers.findLastIndex(({ spec }) => spec.kind === 'dense');
  const head: Head = (a, see) => {
    const features = run(a, layers.slice(target + 1, last)) as tf.Tensor2D;
    see?.(features);
    return run(features, layers.slice(last)) as tf.Tensor2D;
  };
  return { activations, head, batchStatistics };
}

/** Runs the whole network once more, for its logits [B, classes] alone. Call it inside a tidy. */
export function computeLogits(
  model: Network,
  images: tf.Tensor4D,
  context: ForwardContext,
  targetLayer: string,
): tf.Tensor2D {
  const { activations, head, batchStatistics } = forward(model, images, context, targetLayer);
  const logits = head(activations);
  tf.dispose(batchStatistics);
  return logits;
}
