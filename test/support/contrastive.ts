import * as tf from '@tensorflow/tfjs';
import type { Ops } from '../../src/main/learning/engine/ops.ts';
import {
  contrastiveTerm,
  type ContrastiveChoices,
} from '../../src/main/learning/objective/contrastiveCam.ts';
import type { Objective } from '../../src/main/learning/objective/objective.ts';
import type { PairingRule } from '../../src/main/learning/objective/pairing.ts';
import type { GoldenCase } from './golden.ts';
import { weightedTermsObjective } from '../../src/main/learning/objective/weightedTerms.ts';

type GoldenChoices = Pick<
  GoldenCase,
  'camWeight' | 'camGradient' | 'distanceReduction' | 'margin' | 'similar'
>;

/** Cross-entropy and the contrastive term with a rule of pairing of the test's own. */
export const contrastiveObjective = (
  ops: Ops,
  { weight, ...choices }: ContrastiveChoices & { weight: number },
  pairUp: PairingRule,
): Objective =>
  weightedTermsObjective([
    { name: 'contrastive', weight, compute: contrastiveTerm(ops, choices, pairUp) },
  ]);

/** As a golden case has it, whose pairs are each map and its own image. */
export const goldenObjective = (ops: Ops, golden: GoldenChoices): Objective => {
  const { camWeight: weight, camGradient: gradient, distanceReduction, margin, similar } = golden;
  return contrastiveObjective(
    ops,
    { weight, gradient, distanceReduction, margin },
    ({ images }) => ({ images, similar: tf.tensor1d(similar) }),
  );
};
