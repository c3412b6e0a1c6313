import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { composedOps } from '../../../../src/main/learning/engine/ops.ts';
import type { Head } from '../../../../src/main/learning/model/forward.ts';
import { buildObjective } from '../../../../src/main/learning/objective/buildObjective.ts';
import {
  computeClusterCost,
  computeSeparationCost,
} from '../../../../src/main/learning/objective/modelTerms.ts';
import { tapeGradient } from '../../../support/finiteDifferences.ts';
import { withSettings } from '../../../support/settings.ts';
import { oneHot } from '../../../support/terms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Two images, three classes with two prototypes each. */
const distances = (): tf.Tensor => tf.tensor2d([5, 4, 1, 2, 3, 0.5, 7, 8, 9, 6, 2, 2], [2, 6]);
const labels = (): tf.Tensor2D => oneHot(3, 0, 1);

it('by hand: the nearest prototype of the class, and of any other', () => {
  // Of the first image 4 of its class, 0.5 of others; of the second 6, and 2 of the third class.
  expect(computeClusterCost(distances(), labels()).dataSync()[0]).toBe((4 + 6) / 2);
  expect(computeSeparationCost(distances(), labels()).dataSync()[0]).toBe((0.5 + 2) / 2);
});

it('moves the nearest one alone, of equal ones the first', () => {
  const cluster = tapeGradient((d) => computeClusterCost(d, labels()), distances());
  expect([...cluster]).toEqual([0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0]);
  const separation = tapeGradient((d) => computeSeparationCost(d, labels()), distances());
  expect([...separation]).toEqual([0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0]);
});

/** Logits of 0 from a head that has a layer of such distances. */
const head: Head = (activations, see) => {
  see?.(tf.zeros([2, 6]), () => distances());
  return tf.mul<tf.Tensor2D>(tf.sum(activations, [1, 2]), 0);
};

it.each(['none', 'l1'])('is added to an objective of %s by the model’s weights', (objective) => {
  const changes = { model: 'protopnet', objective, clusterWeight: 0.5, separationWeight: 0.25 };
  const config = withSettings(presets['mnist-c'], changes);
  const batch = { images: tf.ones<tf.Rank.R3>([2, 4, 4]), labels: labels() };
  const network = { activations: tf.ones<tf.Rank.R4>([2, 2, 2, 3]), head };
  const { loss, terms } = buildObjective(composedOps, config).compute(network, batch);
  const values = Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]] as const);
  const of = new Map(values);
  expect([...of.keys()]).toEqual([
    ...['crossEntropy', ...(objective === 'none' ? [] : [objective])],
    ...['cluster', 'separation'],
  ]);
  expect(of.get('cluster')).toBe(5);
  const before = Math.log(3) + (of.get('l1') ?? 0);
  expect(loss.dataSync()[0]).toBeCloseTo(before + 0.5 * 5 - 0.25 * 1.25, 6);
});

it('leaves the objective of every other model as it is', () => {
  const { terms } = buildObjective(composedOps, presets['mnist-c']);
  expect(terms).toEqual(['crossEntropy']);
});
