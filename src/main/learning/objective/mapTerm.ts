import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { computeCam, computeCamMap } from '../cam/gradCam.ts';
import { stopGradient, type Ops } from '../engine/ops.ts';
import type { Term, TermInput } from './objective.ts';

/**
 * Identity whose gradient is zero unless `open`, a boolean scalar. A term that turns out undefined
 * must leave no trace, and multiplying its gradient by zero would not do: 0 * NaN is NaN.
 */
function gateGradient<T extends tf.Tensor>(x: T, open: tf.Scalar): T {
  const gate = tf.customGrad((...inputs) => {
    const [value, condition, save] = inputs as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([condition]);
    return {
      value: tf.clone(value),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.where(saved[0] as tf.Tensor, dy, tf.zerosLike(dy)),
        tf.zerosLike(condition),
      ],
    };
  });
  return gate(x, open) as T;
}

/** What a term makes of the labels' maps of a batch. */
export interface MapMeasure<Measured extends tf.Tensor> {
  /** From cam [B, S, S]; a NaN in it makes the batch's term zero. */
  measure: (cam: tf.Tensor3D) => Measured;
  /** [B], of which the term is the mean. */
  toLosses: (measured: Measured) => tf.Tensor1D;
}

export interface MapTermParts {
  ops: Ops;
  gradient: RunConfig['cam']['gradient'];
}

/**
 * A term of the Grad-CAM of each image's label, differentiated through its activations and, where
 * `gradient` is `full`, through its channel weights too. A NaN in what is measured, or in the weights,
 * makes the batch's term zero and leaves no gradient.
 */
export const mapTerm =
  <Measured extends tf.Tensor>(
    { ops, gradient }: MapTermParts,
    prepare: (input: TermInput) => MapMeasure<Measured>,
  ): Term =>
  (input) => {
    const { activations, alpha, batch } = input;
    const size = batch.images.shape[1];
    const { measure, toLosses } = prepare(input);
    const compare = (camMap: tf.Tensor3D): Measured => measure(computeCam(camMap, size));

    // A NaN or infinity in alpha would pass a closed gate as 0 * NaN on its way to the activations.
    const finite = tf.isFinite(alpha);
    const usable: tf.Tensor2D = tf.where(finite, alpha, tf.zerosLike(alpha));
    const camMap = computeCamMap(ops, stopGradient(activations), stopGradient(usable));
    const isNaN = tf.logicalOr<tf.Scalar>(
      tf.isNaN(tf.sum(compare(camMap))),
      tf.logicalNot(tf.all(finite)),
    );
    const defined = stopGradient(tf.logicalNot<tf.Scalar>(isNaN));

    const weights = gradient === 'full' ? gateGradient(usable, defined) : stopGradient(usable);
    const sums = gateGradient(ops.sumChannels(activations, weights), defined);
    const losses = toLosses(compare(tf.relu(sums)));
    const value = tf.where(defined, tf.mean<tf.Scalar>(losses), tf.scalar(0));
    return { value, nanBatch: tf.cast<tf.Scalar>(isNaN, 'float32') };
  };
