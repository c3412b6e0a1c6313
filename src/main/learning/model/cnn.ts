import * as tf from '@tensorflow/tfjs';
import type { Ops } from '../engine/ops.ts';
import { uniformByFanIn, type ParameterSpec, type Weights } from './parameters.ts';

/** Sizes of the network family that `paper-cnn` belongs to. */
export interface CnnShape {
  /** Height and width of the input, one channel. */
  imageSize: number;
  /** Output channels of each block's 3x3 convolution. */
  channels: readonly number[];
  hidden: number;
  classes: number;
}

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

export interface ForwardResult {
  /** [B, h, w, K] of the target layer. */
  activations: tf.Tensor4D;
  /** The rest of the network, not run yet: activations of the target layer -> logits [B, classes]. */
  head: (activations: tf.Tensor4D) => tf.Tensor2D;
  /** Complete once the head has run; kept, so the caller disposes it. Empty in evaluation mode. */
  batchStatistics: BatchStatistics;
}

interface Layer {
  name: string;
  apply(x: tf.Tensor, context: ForwardContext, seen: BatchStatistics): tf.Tensor;
}

/** A network as a list of named layers, so that any of them can be the target of Grad-CAM. */
export interface Model {
  shape: CnnShape;
  parameters: readonly ParameterSpec[];
  /** Running statistics of the batch norms: `bn1/mean`, `bn1/variance`, ... */
  statistics: readonly ParameterSpec[];
  /** Units that dropout works on. */
  features: number;
  layers: readonly Layer[];
}

function weight(weights: Weights, name: string): tf.Tensor {
  const tensor = weights[name];
  if (tensor === undefined) throw new RangeError(`model: no weight named ${name}`);
  return tensor;
}

const convolution = (name: string): Layer => ({
  name,
  apply: (x, { ops, weights }) =>
    ops.biasAdd(
      tf.conv2d(x as tf.Tensor4D, weight(weights, `${name}/kernel`) as tf.Tensor4D, 1, 'same'),
      weight(weights, `${name}/bias`) as tf.Tensor1D,
    ),
});

const batchNorm = (name: string): Layer => ({
  name,
  apply(x, { ops, weights, statistics }, seen) {
    const gamma = weight(weights, `${name}/gamma`) as tf.Tensor1D;
    const beta = weight(weights, `${name}/beta`) as tf.Tensor1D;
    if (statistics !== null) {
      const mean = weight(statistics, `${name}/mean`) as tf.Tensor1D;
      const variance = weight(statistics, `${name}/variance`) as tf.Tensor1D;
      return ops.batchNormInference(x as tf.Tensor4D, gamma, beta, mean, variance);
    }
    const { y, mean, variance } = ops.batchNorm(x as tf.Tensor4D, gamma, beta);
    seen[name] = { mean: tf.keep(mean), variance: tf.keep(variance) };
    return y;
  },
});

const relu = (name: string): Layer => ({ name, apply: (x, { ops }) => ops.relu(x) });

const maxPool = (name: string): Layer => ({
  name,
  apply: (x, { ops }) => ops.maxPool2x2(x as tf.Tensor4D),
});

const flatten = (features: number): Layer => ({
  name: 'flatten',
  apply: (x) => tf.reshape(x, [-1, features]),
});

const dropout: Layer = {
  name: 'dropout',
  apply: (x, { dropoutMask }) => (dropoutMask === null ? x : tf.mul(x, dropoutMask)),
};

const dense = (name: string): Layer => ({
  name,
  apply: (x, { ops, weights }) =>
    ops.biasAdd(
      tf.matMul(x as tf.Tensor2D, weight(weights, `${name}/kernel`) as tf.Tensor2D),
      weight(weights, `${name}/bias`) as tf.Tensor1D,
    ),
});

const affine = (name: string, kernel: number[], fanIn: number): ParameterSpec[] => [
  { name: `${name}/kernel`, shape: kernel, initial: uniformByFanIn(fanIn) },
  { name: `${name}/bias`, shape: kernel.slice(-1), initial: uniformByFanIn(fanIn) },
];

const constant = (name: string, size: number, value: number): ParameterSpec => ({
  name,
  shape: [size],
  initial: { kind: 'constant', value },
});

/**
 * Blocks of convolution 3x3 'same' (`conv1`), batch norm (`bn1`), ReLU (`relu1`) and max-pool 2
 * (`pool1`), then flatten over H, W, C, dropout, dense + ReLU (`dense1`) and dense (`dense2`).
 */
export function buildCnn(shape: CnnShape): Model {
  const parameters: ParameterSpec[] = [];
  const statistics: ParameterSpec[] = [];
  const layers: Layer[] = [];
  let [size, inputs] = [shape.imageSize, 1];
  shape.channels.forEach((outputs, i) => {
    const block = i + 1;
    const bn = `bn${block}`;
    parameters.push(...affine(`conv${block}`, [3, 3, inputs, outputs], 9 * inputs));
    parameters.push(constant(`${bn}/gamma`, outputs, 1), constant(`${bn}/beta`, outputs, 0));
    statistics.push(constant(`${bn}/mean`, outputs, 0), constant(`${bn}/variance`, outputs, 1));
    layers.push(convolution(`conv${block}`), batchNorm(bn));
    layers.push(relu(`relu${block}`), maxPool(`pool${block}`));
    [size, inputs] = [Math.floor(size / 2), outputs];
  });
  const features = size * size * inputs;
  parameters.push(...affine('dense1', [features, shape.hidden], features));
  parameters.push(...affine('dense2', [shape.hidden, shape.classes], shape.hidden));
  layers.push(flatten(features), dropout, dense('dense1'), relu('relu'), dense('dense2'));
  return { shape, parameters, statistics, features, layers };
}

/** The paper's network: 390,858 parameters at 28x28 and 10 classes. */
export const buildPaperCnn = (imageSize: number, classes: number): Model =>
  buildCnn({ imageSize, channels: [32, 64, 128], hidden: 256, classes });

/**
 * Runs the network on normalised images [B, S, S, 1] and cuts it behind `targetLayer`.
 * Call it inside a tidy.
 */
export function forward(
  model: Model,
  images: tf.Tensor4D,
  context: ForwardContext,
  targetLayer: string,
): ForwardResult {
  const target = model.layers.findIndex((layer) => layer.name === targetLayer);
  if (target < 0) throw new RangeError(`forward: the model has no layer ${targetLayer}`);
  const batchStatistics: BatchStatistics = {};
  const run = (x: tf.Tensor, layers: readonly Layer[]): tf.Tensor =>
    layers.reduce((value, layer) => layer.apply(value, context, batchStatistics), x);
  const activations = run(images, model.layers.slice(0, target + 1)) as tf.Tensor4D;
  const rest = model.layers.slice(target + 1);
  return { activations, head: (a) => run(a, rest) as tf.Tensor2D, batchStatistics };
}
