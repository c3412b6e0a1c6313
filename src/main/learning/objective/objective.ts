import type * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import type { ForwardResult } from '../model/cnn.ts';
import { contrastiveCamObjective } from './contrastiveCam.ts';
import { crossEntropyObjective } from './crossEntropy.ts';
import { pairingRules } from './pairing.ts';

export interface ObjectiveBatch {
  /** [B, S, S] in [0, 1], before normalisation. */
  images: tf.Tensor3D;
  /** One-hot [B, classes]. */
  labels: tf.Tensor2D;
}

/** Scalars of one batch. */
export interface LossTerms {
  /** Mean cross-entropy of the batch, nats. */
  crossEntropy: tf.Scalar;
  /** Unweighted contrastive term, where the objective has one. */
  contrastive?: tf.Scalar;
  /** 1 where the contrastive term was set to zero because an operand held a NaN, else 0. */
  nanBatch?: tf.Scalar;
}

/**
 * What is minimised: a scalar, the addends that it is made of, and the logits [B, classes] on the way.
 * One file per objective.
 */
export type Objective = (
  network: Pick<ForwardResult, 'activations' | 'head'>,
  batch: ObjectiveBatch,
) => { loss: tf.Scalar; terms: LossTerms; logits: tf.Tensor2D };

export function buildObjective(ops: Ops, config: RunConfig): Objective {
  return config.paradigm === 'C'
    ? crossEntropyObjective
    : contrastiveCamObjective(ops, config, pairingRules[config.pairing]);
}
