import * as tf from '@tensorflow/tfjs';
import { mapTerm, type MapTermParts } from './mapTerm.ts';
import type { Term, TermInput } from './objective.ts';

/** From cam [B, S, S] to what each image costs, [B]. */
export type CompareMaps = (cam: tf.Tensor3D, input: TermInput) => tf.Tensor1D;

/** A term that costs each image what a comparison of its map says. */
export const comparedMapTerm = (parts: MapTermParts, compare: CompareMaps): Term =>
  mapTerm(parts, (input) => ({
    measure: (cam) => compare(cam, input),
    toLosses: (losses) => losses,
  }));

/** |x| whose derivative at 0 is 0, as PyTorch's; that of `tf.abs` is -1 there. */
export const computeMagnitude = <T extends tf.Tensor>(x: T): T =>
  tf.add(tf.relu(x), tf.relu(tf.neg(x)));

/** Mean over pixels of |cam - x|. */
export const compareAbsolutely: CompareMaps = (cam, { batch: { images } }) =>
  tf.mean(computeMagnitude(tf.sub<tf.Tensor3D>(cam, images)), [1, 2]);

/** Mean over pixels of (cam - x)^2. */
export const compareSquared: CompareMaps = (cam, { batch: { images } }) =>
  tf.mean(tf.square(tf.sub(cam, images)), [1, 2]);
