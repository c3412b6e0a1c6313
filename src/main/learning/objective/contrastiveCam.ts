import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import { mapTerm } from './mapTerm.ts';
import type { Term, TermConfig } from './objective.ts';
import type { PairingRule } from './pairing.ts';

/** Under the square root of the distance, so that its gradient is finite at zero. */
export const distanceEpsilon = Math.exp(-22);

export type ContrastiveChoices = Pick<TermConfig<'contrastive'>, 'distanceReduction' | 'margin'> & {
  gradient: RunConfig['cam']['gradient'];
};

/**
 * d = sqrt(sum_p (cam_p - x_p)^2 + e^-22), or with the mean over pixels.
 *
 * @param cam [B, S, S]
 * @param images [B, S, S]
 * @returns [B]
 */
export function computeDistance(
  cam: tf.Tensor3D,
  images: tf.Tensor3D,
  reduction: ContrastiveChoices['distanceReduction'],
): tf.Tensor1D {
  const squared = tf.square(tf.sub(cam, images));
  const reduced = reduction === 'sum' ? tf.sum(squared, [1, 2]) : tf.mean(squared, [1, 2]);
  return tf.sqrt(tf.add(reduced, distanceEpsilon));
}

/**
 * The contrastive loss of Hadsell, Chopra and LeCun (2006) per pair:
 * 1/2 (y d^2 + (1 - y) max(0, margin - d)^2).
 *
 * @param distance [B]
 * @param similar y [B], 1 for similar pairs, 0 for dissimilar ones
 * @returns [B]
 */
export function computePairLoss(
  distance: tf.Tensor1D,
  similar: tf.Tensor1D,
  margin: number,
): tf.Tensor1D {
  const near: tf.Tensor1D = tf.mul(similar, tf.square(distance));
  const shortfall: tf.Tensor1D = tf.relu(tf.sub<tf.Tensor1D>(margin, distance));
  const dissimilar: tf.Tensor1D = tf.sub(1, similar);
  const far: tf.Tensor1D = tf.mul(dissimilar, tf.square(shortfall));
  return tf.mul(0.5, tf.add<tf.Tensor1D>(near, far));
}

/**
 * LL, the batch mean of the contrastive loss between each Grad-CAM of the label and its image. A NaN
 * in a map or an image makes the batch's LL zero.
 */
export const contrastiveTerm = (ops: Ops, choices: ContrastiveChoices, pairUp: PairingRule): Term =>
  mapTerm({ ops, gradient: choices.gradient }, ({ batch, logits }) => {
    const { images, similar } = pairUp(batch, logits);
    return {
      measure: (cam) => computeDistance(cam, images, choices.distanceReduction),
      toLosses: (distance) => computePairLoss(distance, similar, choices.margin),
    };
  });
