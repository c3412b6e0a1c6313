import * as tf from '@tensorflow/tfjs';
import type { ChannelValues } from '../../core/pixels.ts';
import { isGrey, type Images } from './dataset/batches.ts';
import type { Ops } from './engine/ops.ts';
import type { StateFunction } from './engine/engine.ts';
import type { Network } from '../../core/models/network.ts';
import type { BatchStatistics } from './model/applyLayer.ts';
import { computeLogits, forward } from './model/forward.ts';
import { splitParameters, totalSize, type Weights } from './model/parameters.ts';
import { packTerms } from './objective/batchTerms.ts';
import { readInputs, type Objective } from './objective/objective.ts';
import type { Optimizer } from './optimizer/optimizer.ts';

/** How much of a batch's statistics enters the running ones: PyTorch's `momentum`. */
const statisticsMomentum = 0.1;

export interface Normalization {
  mean: ChannelValues;
  standardDeviation: ChannelValues;
}

/** What the model sees: (x - mean) / standardDeviation by channel, [B, S, S, channels]. */
export function normalize(images: Images, normalization: Normalization): tf.Tensor4D {
  const { mean, standardDeviation } = normalization;
  const normalized = tf.div<Images>(tf.sub<Images>(images, mean), standardDeviation);
  return isGrey(normalized) ? tf.expandDims(normalized, 3) : normalized;
}

/** Labels predicted right, as a count. */
export function countCorrect(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(labels, 1)), 'float32'));
}

/** Running statistics after a batch, whose own are disposed. */
function updateStatistics(model: Network, old: Weights, batch: BatchStatistics): tf.Tensor1D {
  const updated = model.statistics.map(({ name, layer, moment }) => {
    if (moment === 'kept') return tf.reshape<tf.Rank.R1>(old[name] as tf.Tensor, [-1]);
    const seen = batch[layer];
    if (seen === undefined) throw new RangeError(`step: ${layer} reported no statistics`);
    const kept = tf.mul(old[name] as tf.Tensor, 1 - statisticsMomentum);
    return tf.add<tf.Tensor1D>(kept, tf.mul(seen[moment], statisticsMomentum));
  });
  tf.dispose(batch);
  return updated.length === 0 ? tf.tensor1d([]) : tf.concat1d(updated);
}

/**
 * The terms with the loss, the first, as NaN where the new state is not finite: an engine's
 * max-pooling may drop a NaN on its way to the loss (TensorFlow's does).
 */
function admitNotFinite(ops: Ops, terms: tf.Tensor1D, state: tf.Tensor1D[]): tf.Tensor1D {
  const finite = ops.areFinite(state);
  const [loss, others] = tf.split(terms, [1, terms.size - 1]) as [tf.Tensor1D, tf.Tensor1D];
  return tf.concat1d([tf.where(finite, loss, tf.tensor1d([Number.NaN])), others]);
}

export interface TrainStepParts {
  model: Network;
  objective: Objective;
  optimizer: Optimizer;
  targetLayer: string;
  normalization: Normalization;
  ops: Ops;
}

/**
 * One training step: a batch (`listInputs`: images [B, S, S] or [B, S, S, 3] in [0, 1], one-hot labels
 * [B, classes], what the objective needs besides), a dropout mask [B, features] of 0 and 1 / (1 - dropout),
 * and the optimizer's scalars -> the batch's terms
 * (`batchTerms.ts`). The state is the parameters, the running statistics and the optimizer's slots.
 */
export function buildTrainStep(parts: TrainStepParts): StateFunction {
  const { model, objective, optimizer, targetLayer, normalization, ops } = parts;
  return (inputs, [parameters, flatStatistics, ...slots]) => {
    const { pixels, batch, rest } = readInputs(inputs, objective.needs);
    const [dropoutMask, ...scalars] = rest as [tf.Tensor2D, ...tf.Scalar[]];
    if (parameters === undefined || flatStatistics === undefined) {
      throw new RangeError('step: the state is missing');
    }
    const normalized = normalize(pixels, normalization);
    const aside: tf.Tensor[] = [];
    const computeLoss = (flat: tf.Tensor): tf.Scalar => {
      const weights = splitParameters(flat as tf.Tensor1D, model.parameters);
      const context = { ops, weights, statistics: null, dropoutMask };
      const network = forward(model, normalized, context, targetLayer);
      const logitsOf = (seen: Images): tf.Tensor2D =>
        computeLogits(model, normalize(seen, normalization), context, targetLayer);
      const result = objective.compute({ ...network, pixels, logitsOf }, batch);
      const terms = packTerms(objective, result, countCorrect(result.logits, batch.labels));
      const old = splitParameters(flatStatistics, model.statistics);
      const statistics = updateStatistics(model, old, network.batchStatistics);
      aside.push(tf.keep(terms), tf.keep(statistics));
      return result.loss;
    };
    const gradient = tf.grad(computeLoss)(parameters) as tf.Tensor1D;
    const updated = optimizer.update(parameters, gradient, slots, scalars);
    const [terms, statistics] = aside as [tf.Tensor1D, tf.Tensor1D];
    const checked = admitNotFinite(ops, terms, [updated.parameters, statistics]);
    terms.dispose();
    return { outputs: [checked], state: [updated.parameters, statistics, ...updated.slots] };
  };
}

/**
 * A training step that draws its dropout mask itself and takes the optimizer's scalars as one vector: a
 * batch, the place of its draws (`positionOf`) and the scalars -> as `buildTrainStep`.
 */
export function drawMask(
  step: StateFunction,
  { ops, features, dropout }: { ops: Ops; features: number; dropout: number },
): StateFunction {
  return (inputs, state) => {
    const batch = inputs.slice(0, -2);
    const [position, scalars] = inputs.slice(-2) as [tf.Tensor1D, tf.Tensor1D];
    const shape: [number, number] = [batch[0]?.shape[0] ?? 0, features];
    const mask = dropout === 0 ? tf.ones(shape) : ops.dropoutMask(position, shape, dropout);
    const values = scalars.size === 0 ? [] : tf.unstack(scalars);
    return step([...batch, mask, ...values], state);
  };
}

/** Lengths of the state's vectors, in order. */
export const stateSizes = ({ parameters, statistics }: Network, optimizer: Optimizer): number[] => [
  totalSize(parameters),
  totalSize(statistics),
  ...optimizer.slots.map(() => totalSize(parameters)),
];
