import * as tf from '@tensorflow/tfjs';
import { camEpsilon } from '../../../core/maps/cam.ts';
import type { MaskRule } from '../../../core/metrics/foreground.ts';
import type { CompareMaps } from './mapDistances.ts';
import { masksOf } from './masks.ts';

const sumPixels = (x: tf.Tensor3D): tf.Tensor1D => tf.sum(x, [1, 2]);

/**
 * 1 - the share of the map's energy inside the mask (Rao et al. 2023), so 1 for a map that is zero
 * everywhere; 0 where the mask is empty and no map could do better.
 */
export const compareEnergy =
  (rule: MaskRule): CompareMaps =>
  (cam, { batch }) => {
    const masks = masksOf(batch, rule);
    const inside = tf.div(sumPixels(tf.mul(cam, masks)), tf.add(sumPixels(cam), camEpsilon));
    return tf.mul(tf.max(masks, [1, 2]), tf.sub(1, inside));
  };
