import * as tf from '@tensorflow/tfjs';
import type { TermConfig } from './objective.ts';
import { given } from './objective.ts';
import { computeDistance } from './contrastiveCam.ts';
import type { CompareMaps } from './mapDistances.ts';

type Reduction = TermConfig<'prototype'>['distanceReduction'];

const halfSquare = (distance: tf.Tensor1D): tf.Tensor1D => tf.mul(0.5, tf.square(distance));

/** 1/2 d^2 of each map and the mean training image of its class. */
export const compareWithPrototype =
  (reduction: Reduction): CompareMaps =>
  (cam, { batch: { classMeans } }) =>
    halfSquare(computeDistance(cam, given(classMeans, 'class means'), reduction));

/**
 * For each map the mean of those of its class in the batch, itself included.
 *
 * @param cam [B, S, S]
 * @param labels one-hot [B, classes]
 * @returns [B, S, S]
 */
export function averageByClass(cam: tf.Tensor3D, labels: tf.Tensor2D): tf.Tensor3D {
  const [batch, size] = cam.shape;
  const alike = tf.matMul(labels, labels, false, true);
  const shares = tf.div<tf.Tensor2D>(alike, tf.sum(alike, 1, true));
  return tf.reshape(tf.matMul(shares, tf.reshape(cam, [batch, size ** 2])), cam.shape);
}

/** 1/2 d^2 of each map and the mean map of its class in the batch. */
export const compareWithinBatch =
  (reduction: Reduction): CompareMaps =>
  (cam, { batch: { labels } }) =>
    halfSquare(computeDistance(cam, averageByClass(cam, labels), reduction));
