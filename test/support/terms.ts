import * as tf from '@tensorflow/tfjs';
import { composedOps } from '../../src/main/learning/engine/ops.ts';
import type { MapTermParts } from '../../src/main/learning/objective/mapTerm.ts';
import {
  comparedMapTerm,
  type CompareMaps,
} from '../../src/main/learning/objective/mapDistances.ts';
import type {
  ObjectiveBatch,
  Term,
  TermInput,
} from '../../src/main/learning/objective/objective.ts';
import { numericalGradient, spread, tapeGradient } from './finiteDifferences.ts';
import { relativeError } from './golden.ts';

export const termParts: MapTermParts = { ops: composedOps, gradient: 'full' };

export const oneHot = (classes: number, ...labels: number[]): tf.Tensor2D =>
  tf.oneHot(tf.tensor1d(labels, 'int32'), classes).toFloat() as tf.Tensor2D;

/** A map of size S for each image, given as it is. */
export const compareGiven = (
  compare: CompareMaps,
  cam: tf.Tensor3D,
  batch: Partial<ObjectiveBatch>,
  activations: tf.Tensor4D = tf.zeros([1, 1, 1, 1]),
): number[] => {
  const input = { activations, batch } as TermInput;
  return [...tf.tidy(() => compare(cam, input)).dataSync()];
};

/** What a term makes of images [3, S, S] of classes 0, 1 and 0, from activations [3, 2, 2, 2]. */
export function evaluateTerm(
  term: Term,
  activations: tf.Tensor,
  { images = spread([3, 4, 4], 0, 1) as tf.Tensor3D, ...others }: Partial<ObjectiveBatch> = {},
): ReturnType<Term> {
  return term({
    activations: activations as tf.Tensor4D,
    alpha: tf.tensor2d([1, 0.5, 0.25, 2, 1, 1], [3, 2]),
    logits: tf.zeros([3, 2]),
    batch: { images, labels: oneHot(2, 0, 1, 0), ...others },
  });
}

export const termActivations = (): tf.Tensor => spread([3, 2, 2, 2], 0.1, 1);

/** By how much the gradient of a comparison of maps differs from finite differences, relatively. */
export function gradientError(compare: CompareMaps, batch: Partial<ObjectiveBatch> = {}): number {
  const term = comparedMapTerm(termParts, compare);
  const loss = (a: tf.Tensor): tf.Tensor => evaluateTerm(term, a, batch).value;
  const at = termActivations();
  return relativeError(tapeGradient(loss, at), numericalGradient(loss, at, 3e-3));
}

export const valueOf = (x: tf.Tensor): number => x.dataSync()[0] ?? Number.NaN;
