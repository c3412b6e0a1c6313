import type * as tf from '@tensorflow/tfjs';
import type { LossTermName } from '../../../core/config/objectives.ts';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { ForwardResult } from '../model/forward.ts';

export interface ObjectiveBatch {
  /** [B, S, S] in [0, 1], before normalisation: what maps are compared with, of colours their luminance. */
  images: tf.Tensor3D;
  /** One-hot [B, classes]. */
  labels: tf.Tensor2D;
}

/** What an objective makes of one batch. */
export interface ObjectiveResult {
  /** What is minimised. */
  loss: tf.Scalar;
  /** Each of the objective's addends before its weight, the batch's mean. */
  terms: Readonly<Partial<Record<LossTermName, tf.Scalar>>>;
  /** 1 where a term was set to zero because an operand held a NaN, else 0; absent: always 0. */
  nanBatch?: tf.Scalar;
  /** [B, classes] */
  logits: tf.Tensor2D;
}

/** What is minimised, and the names of the addends that it is made of. */
export interface Objective {
  terms: readonly LossTermName[];
  compute(
    network: Pick<ForwardResult, 'activations' | 'head'>,
    batch: ObjectiveBatch,
  ): ObjectiveResult;
}

/** The settings of a term. */
export type TermConfig<Name extends TermName> = NonNullable<RunConfig['objective'][Name]>;

/** What terms are computed from. */
export interface TermInput {
  /** Of the target layer, [B, h, w, K]. */
  activations: tf.Tensor4D;
  /** Channel weights of the labels' maps, [B, K]. */
  alpha: tf.Tensor2D;
  /** [B, classes] */
  logits: tf.Tensor2D;
  batch: ObjectiveBatch;
}

/** A term of the objective besides cross-entropy, before its weight: the batch's mean. One file each. */
export type Term = (input: TermInput) => {
  value: tf.Scalar;
  /** 1 where the term was set to zero because an operand held a NaN, else 0. */
  nanBatch: tf.Scalar;
};
