import * as tf from '@tensorflow/tfjs';
import { foregroundThreshold } from '../../../core/metrics/foreground.ts';
import type { RecordedMetricName } from '../../../core/metrics/exampleMetrics.ts';

/**
 * From maps and images, [B, S, S] in [0, 1] each, and masks of 0 and 1 [B, S, S] to [B]; NaN where
 * undefined, as for all-zero maps.
 */
type TensorMeasure = (cam: tf.Tensor3D, images: tf.Tensor3D, masks: tf.Tensor3D) => tf.Tensor1D;

const sumPixels = (x: tf.Tensor3D): tf.Tensor1D => tf.sum(x, [1, 2]);
const centre = (x: tf.Tensor3D): tf.Tensor3D => tf.sub(x, tf.mean(x, [1, 2], true));
/** 1 above a threshold, 0 elsewhere; a constant to gradients. */
export const markAbove = (x: tf.Tensor3D, threshold: number): tf.Tensor3D =>
  tf.cast(tf.greater(x, threshold), 'float32');

/** 1 for each image with a pixel that is not zero, else 0. */
const isAnywhere = (x: tf.Tensor3D): tf.Tensor1D =>
  tf.cast(tf.greater(tf.max(x, [1, 2]), 0), 'float32');

/** 0 where the map or the image's foreground is empty: dividing by it makes the 0 / 0 of what has no value. */
const areBoth = (cam: tf.Tensor3D, mask: tf.Tensor3D): tf.Tensor1D =>
  tf.mul(isAnywhere(mask), isAnywhere(cam));

const correlate: TensorMeasure = (cam, images) => {
  const [a, b] = [centre(cam), centre(images)];
  const spread = tf.sqrt(tf.mul(sumPixels(tf.square(a)), sumPixels(tf.square(b))));
  return tf.div(sumPixels(tf.mul(a, b)), spread);
};

const shareInside: TensorMeasure = (cam, _, mask) =>
  tf.div(sumPixels(tf.mul(cam, mask)), tf.mul(sumPixels(cam), areBoth(cam, mask)));

const overlap: TensorMeasure = (cam, _, mask) => {
  const inside = markAbove(cam, foregroundThreshold);
  const both = sumPixels(tf.mul(mask, inside));
  const union = tf.sub(tf.add(sumPixels(mask), sumPixels(inside)), both);
  return tf.div(both, tf.mul(union, areBoth(cam, mask)));
};

/**
 * Recorded metrics that the engine computes beside the maps, a batch at once. The others are measured
 * from the maps as they come back.
 */
export const tensorMeasures: ReadonlyMap<RecordedMetricName, TensorMeasure> = new Map([
  ['inputCorrelation', correlate],
  ['energyInside', shareInside],
  ['iou', overlap],
]);

/** Share of each image that is inside its mask [B, S, S], [B]. */
export const computeMaskArea = (masks: tf.Tensor3D): tf.Tensor1D => tf.mean(masks, [1, 2]);
