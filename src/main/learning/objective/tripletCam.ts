import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { stopGradient, type Ops } from '../engine/ops.ts';
import { computeDistance } from './contrastiveCam.ts';
import { mapTerm } from './mapTerm.ts';
import type { Term, TermConfig } from './objective.ts';

export type TripletChoices = Omit<TermConfig<'triplet'>, 'weight'> & {
  gradient: RunConfig['cam']['gradient'];
};

/** [B, B], 1 where the images of row and column have different labels (one-hot [B, classes]). */
const differ = (labels: tf.Tensor2D): tf.Tensor2D =>
  tf.sub(1, tf.matMul(labels, labels, false, true));

/** [B, B], from B for the image after each row's down to 1 for its own, around the end of the batch. */
const nearnessBehind = (batch: number): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: batch ** 2 }, (_, i) => {
      const [row, column] = [Math.floor(i / batch), i % batch];
      return batch - ((column - row - 1 + batch) % batch);
    }),
    [batch, batch],
  );

/** [B, B], the larger the closer map and image are; from 0 on. */
function closeness(cam: tf.Tensor3D, images: tf.Tensor3D): tf.Tensor2D {
  const [batch, size] = cam.shape;
  const toRows = (y: tf.Tensor3D): tf.Tensor2D => tf.reshape(y, [batch, size ** 2]);
  const [a, x] = [toRows(cam), toRows(images)];
  const power = (y: tf.Tensor2D): tf.Tensor => tf.sum(tf.square(y), 1, true);
  const squares = tf.add(power(a), tf.transpose(power(x)));
  const distances = tf.sub(squares, tf.mul(2, tf.matMul(a, x, false, true)));
  return tf.div(1, tf.add(1, tf.relu(distances)));
}

/**
 * For each map an image of another class, constant to gradients; which one decides no gradient either.
 *
 * @param cam [B, S, S]
 * @param images [B, S, S]
 * @param labels one-hot [B, classes]
 * @returns images [B, S, S], and whether there is one [B], else 0
 */
export function chooseNegatives(
  cam: tf.Tensor3D,
  { images, labels }: { images: tf.Tensor3D; labels: tf.Tensor2D },
  negative: TripletChoices['negative'],
): { images: tf.Tensor3D; exists: tf.Tensor1D } {
  const [batch, size] = images.shape;
  const others = differ(labels);
  const score = negative === 'next' ? nearnessBehind(batch) : closeness(stopGradient(cam), images);
  const chosen = tf.argMax(tf.mul(others, score), 1);
  const pick = tf.cast(tf.oneHot(chosen, batch), 'float32') as tf.Tensor2D;
  const picked = tf.matMul(pick, tf.reshape(images, [batch, size ** 2]));
  return {
    images: stopGradient(tf.reshape(picked, [batch, size, size])),
    exists: stopGradient(tf.max(others, 1)),
  };
}

/**
 * LT, the batch mean of max(0, d(cam, own image) - d(cam, image of another class) + margin), 0 for an image
 * whose batch has no other class.
 */
export const tripletTerm = (ops: Ops, choices: TripletChoices): Term =>
  mapTerm({ ops, gradient: choices.gradient }, ({ batch }) => {
    const { distanceReduction, negative, margin } = choices;
    return {
      measure: (cam) => {
        const others = chooseNegatives(cam, batch, negative);
        const own = computeDistance(cam, batch.images, distanceReduction);
        const other = computeDistance(cam, others.images, distanceReduction);
        return tf.mul<tf.Tensor1D>(
          others.exists,
          tf.add<tf.Tensor1D>(tf.sub<tf.Tensor1D>(own, other), margin),
        );
      },
      toLosses: (excess) => tf.relu(excess),
    };
  });
