import * as tf from '@tensorflow/tfjs';
import type { ModelTermName } from '../../../core/models/registry.ts';
import { releaseKept } from '../cam/gradCam.ts';
import type { Head } from '../model/forward.ts';
import { takeLeast } from '../model/prototypes/layers.ts';
import type { Objective } from './objective.ts';

/** A term that a model brings: of the output of one of its layers and the labels [B, classes]. */
export interface ModelTermBuilder {
  layer: string;
  /** The batch's mean. */
  compute: (output: tf.Tensor, labels: tf.Tensor2D) => tf.Scalar;
}

/** Takes what it is added to out of a minimum. */
const excluded = 1e9;

/** The least distance to a prototype of each class: [B, P], class after class -> [B, classes]. */
const nearestByClass = (distances: tf.Tensor, { shape: [, classes] }: tf.Tensor2D): tf.Tensor =>
  takeLeast(tf.reshape(distances, [-1, classes, (distances.shape[1] ?? 0) / classes]));

/**
 * How far images are from the nearest prototype of their class (Chen et al. 2019).
 *
 * @param distances of each image to each prototype, squared, [B, P]
 * @param labels one-hot [B, classes]
 * @returns the batch's mean
 */
export const computeClusterCost = (distances: tf.Tensor, labels: tf.Tensor2D): tf.Scalar =>
  tf.mean(tf.sum(tf.mul(nearestByClass(distances, labels), labels), 1));

/** The same of the nearest prototype of any other class; what the paper calls Sep is the negative of it. */
export const computeSeparationCost = (distances: tf.Tensor, labels: tf.Tensor2D): tf.Scalar =>
  tf.mean(takeLeast(tf.add(nearestByClass(distances, labels), tf.mul(labels, excluded))));

/** One for each descriptor. */
export const modelTermBuilders: { readonly [Name in ModelTermName]: ModelTermBuilder } = {
  cluster: { layer: 'nearest', compute: computeClusterCost },
  separation: { layer: 'nearest', compute: computeSeparationCost },
};

export interface WeightedModelTerm {
  name: ModelTermName;
  /** Below 0 for what is subtracted. */
  weight: number;
}

/** An objective with the terms that a model brings itself. */
export const withModelTerms = (
  objective: Objective,
  terms: readonly WeightedModelTerm[],
): Objective =>
  terms.length === 0
    ? objective
    : {
        ...objective,
        terms: [...objective.terms, ...terms.map(({ name }) => name)],
        compute(network, batch) {
          const kept = new Map<string, tf.Tensor>();
          // The objective may run the head inside a gradient, whose scope ends before the terms are computed.
          const head: Head = (activations, see) =>
            network.head(activations, (features, outputOf) => {
              for (const { name } of terms) {
                const { layer } = modelTermBuilders[name];
                if (!kept.has(layer)) kept.set(layer, tf.keep(outputOf(layer)));
              }
              see?.(features, outputOf);
            });
          const result = objective.compute({ ...network, head }, batch);
          const outputs = new Map([...kept].map(([layer, output]) => [layer, releaseKept(output)]));
          const values = terms.map(({ name, weight }) => {
            const { layer, compute } = modelTermBuilders[name];
            return { name, weight, value: compute(outputs.get(layer) as tf.Tensor, batch.labels) };
          });
          const loss = values.reduce<tf.Scalar>(
            (sum, { weight, value }) => tf.add(sum, tf.mul(weight, value)),
            result.loss,
          );
          const own = Object.fromEntries(values.map(({ name, value }) => [name, value]));
          return { ...result, loss, terms: { ...result.terms, ...own } };
        },
      };
