import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { composedOps } from '../../../../src/main/learning/engine/ops.ts';
import type { Term } from '../../../../src/main/learning/objective/objective.ts';
import {
  chooseNegatives,
  tripletTerm,
  type TripletChoices,
} from '../../../../src/main/learning/objective/tripletCam.ts';
import { numericalGradient, spread, tapeGradient } from '../../../support/finiteDifferences.ts';
import { relativeError } from '../../../support/golden.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const grey = (levels: number[]): tf.Tensor3D => tf.tensor3d(levels, [levels.length, 1, 1]);
const classes = (...labels: number[]): tf.Tensor2D =>
  tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat() as tf.Tensor2D;

describe('the image of another class', () => {
  const images = grey([0.1, 0.2, 0.9, 0.6]);
  const labels = classes(0, 0, 1, 2);
  const cam = grey([0.5, 0.95, 0, 0]);
  const choose = (negative: TripletChoices['negative']): number[] => [
    ...chooseNegatives(cam, { images, labels }, negative).images.dataSync(),
  ];

  it('is the first one behind, around the end of the batch', () => {
    expect(choose('next')).toEqual([0.9, 0.9, 0.6, 0.1].map(Math.fround));
  });

  it('is the one closest to the map', () => {
    expect(choose('hardest')).toEqual([0.6, 0.9, 0.1, 0.1].map(Math.fround));
  });

  it('is none where the batch has one class', () => {
    const { exists } = chooseNegatives(cam, { images, labels: classes(1, 1, 1, 1) }, 'hardest');
    expect([...exists.dataSync()]).toEqual([0, 0, 0, 0]);
    const mixed = chooseNegatives(cam, { images, labels }, 'next').exists;
    expect([...mixed.dataSync()]).toEqual([1, 1, 1, 1]);
  });
});

const choices: TripletChoices = {
  distanceReduction: 'sum',
  negative: 'next',
  margin: 0.5,
  gradient: 'full',
};
const images = (): tf.Tensor3D => spread([2, 4, 4], 0, 1) as tf.Tensor3D;

/** Of two images with the labels given, maps of the activations [2, 2, 2, 2] weighed by alpha. */
function evaluate(term: Term, activations: tf.Tensor, labels = classes(0, 1), x = images()) {
  const alpha = tf.tensor2d([1, 0.5, 0.25, 2], [2, 2]);
  return term({
    activations: activations as tf.Tensor4D,
    alpha,
    logits: tf.zeros([2, 3]),
    batch: { images: x, labels },
  });
}
const activations = (): tf.Tensor => spread([2, 2, 2, 2], 0.1, 1);
const valueOf = (x: tf.Tensor): number => x.dataSync()[0] ?? Number.NaN;

it.each([
  ['sum', 1.2],
  ['mean', 0.6],
] as const)(
  'costs the mean of what each map lacks to be closer to its own image by the margin: %s',
  (distanceReduction, distance) => {
    // One cell that is positive makes a map of 1 everywhere, whatever the activations are.
    const flat = tf.ones([2, 1, 1, 2]);
    const x = tf.tensor3d([1, 1, 1, 1, 0.4, 0.4, 0.4, 0.4], [2, 2, 2]);
    const term = tripletTerm(composedOps, { ...choices, distanceReduction });
    // To own: 0 and the distance; to the other: the distance and 0. 0 - distance + 0.5 < 0.
    const { value, nanBatch } = evaluate(term, flat, classes(0, 1), x);
    expect(valueOf(value)).toBeCloseTo((distance + 0.5) / 2, 4);
    expect(valueOf(nanBatch)).toBe(0);
  },
);

it('adds nothing for a batch of one class', () => {
  const { value } = evaluate(tripletTerm(composedOps, choices), activations(), classes(1, 1));
  expect(valueOf(value)).toBe(0);
});

it.each(['hardest', 'next'] as const)('has the gradient of its value: %s', (negative) => {
  const term = tripletTerm(composedOps, { ...choices, negative });
  const loss = (a: tf.Tensor): tf.Tensor => evaluate(term, a).value;
  const at = activations();
  expect(relativeError(tapeGradient(loss, at), numericalGradient(loss, at))).toBeLessThan(2e-2);
});

it('leaves no trace of a NaN in an image', () => {
  const x = images().bufferSync();
  x.set(Number.NaN, 1, 2, 2);
  const term = tripletTerm(composedOps, choices);
  const gradient = tapeGradient(
    (a) => evaluate(term, a, classes(0, 1), x.toTensor()).value,
    activations(),
  );
  const { value, nanBatch } = evaluate(term, activations(), classes(0, 1), x.toTensor());
  expect([valueOf(value), valueOf(nanBatch)]).toEqual([0, 1]);
  expect([...gradient]).toEqual(Array.from(gradient, () => 0));
});
