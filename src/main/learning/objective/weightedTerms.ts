import * as tf from '@tensorflow/tfjs';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import { computeAlpha } from '../cam/gradCam.ts';
import { computeCrossEntropy } from './crossEntropy.ts';
import type { ExtraInput, Objective, Term } from './objective.ts';

export interface WeightedTerm {
  name: TermName;
  weight: number;
  needs?: readonly ExtraInput[];
  compute: Term;
}

/** L = LCE + the weighted sum of the terms, which share one computation of the labels' alpha. */
export const weightedTermsObjective = (terms: readonly WeightedTerm[]): Objective => ({
  terms: ['crossEntropy', ...terms.map(({ name }) => name)],
  needs: [...new Set(terms.flatMap(({ needs = [] }) => needs))],
  compute({ activations, head, pixels, logitsOf }, batch) {
    const explained = computeAlpha(head, activations, () => batch.labels);
    const results = terms.map(({ name, weight, compute }) => ({
      ...{ name, weight },
      ...compute({ ...explained, activations, pixels, logitsOf, batch }),
    }));
    const { logits } = explained;
    const crossEntropy = tf.mean<tf.Scalar>(computeCrossEntropy(logits, batch.labels));
    const loss = results.reduce(
      (sum, { weight, value }) => tf.add<tf.Scalar>(sum, tf.mul(weight, value)),
      crossEntropy,
    );
    const values = Object.fromEntries(results.map(({ name, value }) => [name, value]));
    const nanBatch = results
      .map((result) => result.nanBatch)
      .reduce((any, next) => tf.maximum<tf.Scalar>(any, next));
    return { loss, terms: { crossEntropy, ...values }, nanBatch, logits };
  },
});
