import * as tf from '@tensorflow/tfjs';
import type { Layer } from '../../../core/models/layers.ts';
import type { Network } from '../../../core/models/network.ts';
import {
  convolveAndFinish,
  applyByKind,
  type Apply,
  type BatchStatistics,
  type ForwardContext,
} from './applyLayer.ts';
import { findConvolutionBlocks } from './convolutionBlocks.ts';

/**
 * Activations of the target layer -> logits [B, classes]. Tells the features [B, D] on the way, the input
 * of the last dense layer, to who wants to see them, and the outputs of any layer by its name.
 */
export type Head = (
  activations: tf.Tensor4D,
  see?: (features: tf.Tensor2D, outputOf: (layer: string) => tf.Tensor) => void,
) => tf.Tensor2D;

export interface ForwardResult {
  /** [B, h, w, K] of the target layer. */
  activations: tf.Tensor4D;
  /**
   * What depends on the target layer, not run yet. Layers that branch around it have been run, and are
   * constants to a gradient by the activations.
   */
  head: Head;
  /** Complete once the head has run; kept, so the caller disposes it. Empty in evaluation mode. */
  batchStatistics: BatchStatistics;
}

/** Numbers of the layers that depend on layer `target`, in order. */
function listDependents(layers: readonly Layer[], target: number): number[] {
  const dependent = new Set([target]);
  for (const [number, { sources }] of layers.entries()) {
    if (sources.some((source) => dependent.has(source))) dependent.add(number);
  }
  dependent.delete(target);
  return [...dependent];
}

/** What is computed in turn, for the layer `number`: one layer, or all of a block that ends there. */
interface Turn {
  number: number;
  layer: Layer;
  apply: Apply;
}

function planTurns(
  layers: readonly Layer[],
  numbers: readonly number[],
  { ops, statistics }: ForwardContext,
): Turn[] {
  const { finishConvolution } = ops;
  const canFinish = statistics !== null && finishConvolution !== undefined;
  const blocks = canFinish ? findConvolutionBlocks(layers, numbers) : [];
  const inside = new Set(blocks.flatMap(({ convolution, norm }) => [convolution, norm]));
  return numbers.flatMap((number) => {
    if (inside.has(number)) return [];
    const block = blocks.find(({ relu }) => relu === number);
    const layer = layers[block?.convolution ?? number] as Layer;
    if (block === undefined || finishConvolution === undefined) {
      return { number, layer, apply: applyByKind[layer.spec.kind] as Apply };
    }
    const norm = (layers[block.norm] as Layer).spec.name;
    return { number, layer, apply: convolveAndFinish(finishConvolution, norm) as Apply };
  });
}

/**
 * Runs the network on normalised images [B, S, S, channels] and cuts it behind `targetLayer`.
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
  const run = (numbers: readonly number[], values: Map<number, tf.Tensor>): tf.Tensor => {
    for (const { number, layer, apply } of planTurns(layers, numbers, context)) {
      const [x, other] = layer.sources.map((source) => values.get(source));
      values.set(number, apply(x as tf.Tensor, layer, context, batchStatistics, other));
    }
    return values.get(numbers.at(-1) ?? target) as tf.Tensor;
  };
  const rest = listDependents(layers, target);
  const independent = layers.flatMap((_, number) => (rest.includes(number) ? [] : [number]));
  const values = new Map<number, tf.Tensor>([[-1, images]]);
  run(independent, values);
  const activations = values.get(target) as tf.Tensor4D;
  const [features = -1] = layers.findLast(({ spec }) => spec.kind === 'dense')?.sources ?? [];
  const head: Head = (a, see) => {
    const all = new Map([...values, [target, a] as const]);
    const logits = run(rest, all) as tf.Tensor2D;
    const outputOf = (name: string): tf.Tensor =>
      all.get(layers.findIndex(({ spec }) => spec.name === name)) as tf.Tensor;
    see?.(all.get(features) as tf.Tensor2D, outputOf);
    return logits;
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
