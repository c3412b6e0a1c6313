import * as tf from '@tensorflow/tfjs';
import type { Ops } from '../engine/ops.ts';

/** A network cut at its target layer, and the classes to explain. */
export interface ExplainedBatch {
  ops: Ops;
  /** Of the target layer, [B, h, w, K]. */
  activations: tf.Tensor4D;
  /** The rest of the network: activations -> logits [B, classes]. */
  head: (activations: tf.Tensor4D) => tf.Tensor2D;
  /** One-hot [B, classes]. */
  targets: tf.Tensor2D;
}

/** The native maps of the target classes, [B, h, w], >= 0. */
export type Explain = (batch: ExplainedBatch) => tf.Tensor3D;

/** Gradients of the target classes' logits by the activations, [B, h, w, K]. */
export function computeLayerGradients({ activations, head, targets }: ExplainedBatch): tf.Tensor4D {
  const classScore = (a: tf.Tensor): tf.Tensor => tf.sum(tf.mul(head(a as tf.Tensor4D), targets));
  return tf.grad(classScore)(activations) as tf.Tensor4D;
}

/** Over positions, [B, h, w, K] -> [B, K]. */
export const sumPositions = (x: tf.Tensor): tf.Tensor2D => tf.sum(x, [1, 2]);
