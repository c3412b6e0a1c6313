import * as tf from '@tensorflow/tfjs';
import type { LossTermName } from '../../../core/config/objectives.ts';
import type { Objective, ObjectiveResult } from './objective.ts';

/** Values by term; of an objective, all of its terms and no others. */
export type TermValues = Readonly<Partial<Record<LossTermName, number>>>;

/** What one batch adds to an epoch. */
export interface BatchTerms {
  loss: number;
  /** 1 where a term was set to zero for a NaN, else 0. */
  nanBatch: number;
  /** Labels predicted right. */
  correct: number;
  terms: TermValues;
}

/** As one vector [3 + terms], the loss first, which an engine gives back in one piece. */
export function packTerms(
  { terms: names }: Pick<Objective, 'terms'>,
  { loss, terms, nanBatch = tf.scalar(0) }: ObjectiveResult,
  correct: tf.Scalar,
): tf.Tensor1D {
  const values = names.map((name) => {
    const term = terms[name];
    if (term === undefined) throw new RangeError(`objective: the term ${name} was not computed`);
    return term;
  });
  return tf.stack([loss, nanBatch, correct, ...values]) as tf.Tensor1D;
}

/** The way back, from the vector's values. */
export function readTerms(
  { terms: names }: Pick<Objective, 'terms'>,
  values: ArrayLike<number>,
): BatchTerms {
  const at = (index: number): number => values[index] ?? Number.NaN;
  const terms = Object.fromEntries(names.map((name, i) => [name, at(3 + i)]));
  return { loss: at(0), nanBatch: at(1), correct: at(2), terms };
}
