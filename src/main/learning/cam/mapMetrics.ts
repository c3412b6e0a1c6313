import * as tf from '@tensorflow/tfjs';

/** Value above which a pixel of the image, or of the map, counts as foreground. */
export const foregroundThreshold = 0.5;

const sumPixels = (x: tf.Tensor3D): tf.Tensor1D => tf.sum(x, [1, 2]);
const centre = (x: tf.Tensor3D): tf.Tensor3D => tf.sub(x, tf.mean(x, [1, 2], true));
const foreground = (x: tf.Tensor3D): tf.Tensor3D =>
  tf.cast(tf.greater(x, foregroundThreshold), 'float32');

/** 1 for each image with a pixel that is not zero, else 0. */
const isAnywhere = (x: tf.Tensor3D): tf.Tensor1D =>
  tf.cast(tf.greater(tf.max(x, [1, 2]), 0), 'float32');

/** NaN where undefined: for an all-zero map nothing is defined but the image's own `maskArea`. */
export interface MapMetrics {
  /** Pearson's correlation of map and image in [-1, 1]; undefined where either is constant. */
  inputCorrelation: tf.Tensor1D;
  /** Share of the map's sum that lies on the image's foreground; undefined where it has none. */
  energyInside: tf.Tensor1D;
  /** Intersection over union of the two foregrounds; undefined where the image has none. */
  iou: tf.Tensor1D;
  /** Share of the image that is foreground. */
  maskArea: tf.Tensor1D;
}

/**
 * How well maps agree with their images, per image.
 *
 * @param cam [B, S, S] in [0, 1]
 * @param images [B, S, S] in [0, 1]
 * @returns [B] each
 */
export function computeMapMetrics(cam: tf.Tensor3D, images: tf.Tensor3D): MapMetrics {
  const [a, b] = [centre(cam), centre(images)];
  const spread = tf.sqrt(tf.mul(sumPixels(tf.square(a)), sumPixels(tf.square(b))));
  const mask = foreground(images);
  const inside = foreground(cam);
  const both = sumPixels(tf.mul(mask, inside));
  const union = tf.sub(tf.add(sumPixels(mask), sumPixels(inside)), both);
  // Where a map or a mask is empty the numerators are 0, and these make it 0 / 0.
  const defined = tf.mul(isAnywhere(mask), isAnywhere(cam));
  return {
    inputCorrelation: tf.div(sumPixels(tf.mul(a, b)), spread),
    energyInside: tf.div(sumPixels(tf.mul(cam, mask)), tf.mul(sumPixels(cam), defined)),
    iou: tf.div(both, tf.mul(union, defined)),
    maskArea: tf.mean(mask, [1, 2]),
  };
}
