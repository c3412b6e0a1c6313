import * as tf from '@tensorflow/tfjs';
import { foregroundThreshold } from '../../../core/metrics/foreground.ts';
import type { ObjectiveBatch } from './objective.ts';

/** 1 inside the mask of each image, 0 outside: [B, S, S], a constant to gradients. */
export const masksOf = ({ images }: ObjectiveBatch): tf.Tensor3D =>
  tf.cast(tf.greater(images, foregroundThreshold), 'float32');
