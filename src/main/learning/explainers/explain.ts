import type * as tf from '@tensorflow/tfjs';
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
