import * as tf from '@tensorflow/tfjs';
import { luminanceWeights } from '../../../core/pixels.ts';
import { isGrey, type Images } from './batches.ts';

/**
 * What maps are compared with, on the engine: the images' luminance as `computeLuminance` has it, grey
 * images as they are.
 *
 * @returns [B, S, S] in [0, 1]
 */
export const takeLuminance = (images: Images): tf.Tensor3D =>
  isGrey(images) ? images : tf.sum(tf.mul(images, tf.tensor1d(luminanceWeights)), 3);
