import * as tf from '@tensorflow/tfjs';
import type { MaskRule } from '../../../core/metrics/foreground.ts';
import type { Images } from '../dataset/batches.ts';
import { masksOf } from './masks.ts';
import { given, type Term } from './objective.ts';

/**
 * ln p [B, classes], differentiable twice. tfjs loses a second derivative that goes through a value which
 * an operation saved for its first one, as `tf.logSoftmax` and `tf.exp` do; this one computes it again.
 */
export function computeLogProbabilities(logits: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((...inputs) => {
    const [values, save] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    save([values]);
    return {
      value: tf.logSoftmax(values),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.sub(dy, tf.mul(tf.sum(dy, 1, true), tf.softmax(saved[0] as tf.Tensor2D))),
    };
  })(logits);
}

/**
 * The batch's mean of the squared slope of the sum of log probabilities by each pixel outside the mask
 * (Ross, Hughes and Doshi-Velez 2017, equation 1). It is a gradient itself, so that training
 * differentiates the network twice.
 */
export const rightReasonsTerm =
  (rule: MaskRule): Term =>
  ({ batch, pixels, logitsOf }) => {
    const compute = given(logitsOf, 'network of images');
    const score = (seen: tf.Tensor): tf.Tensor =>
      tf.sum(computeLogProbabilities(compute(seen as Images)));
    const squares = tf.square(tf.grad(score)(given(pixels, 'pixels')));
    const perPixel = squares.rank === 3 ? squares : tf.sum(squares, 3);
    const outside = tf.mul(tf.sub(1, masksOf(batch, rule)), perPixel);
    return { value: tf.mean(tf.sum(outside, [1, 2])), nanBatch: tf.scalar(0) };
  };
