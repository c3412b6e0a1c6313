import { contrastiveObjective } from '../../../support/contrastive.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { composedOps } from '../../../../src/main/learning/engine/ops.ts';
import {
  computeDistance,
  computePairLoss,
  type ContrastiveChoices,
} from '../../../../src/main/learning/objective/contrastiveCam.ts';
import type {
  Objective,
  ObjectiveResult,
} from '../../../../src/main/learning/objective/objective.ts';
import { pairingRules } from '../../../../src/main/learning/objective/pairing.ts';
import { numericalGradient, spread, tapeGradient } from '../../../support/finiteDifferences.ts';
import { relativeError } from '../../../support/golden.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const choices: ContrastiveChoices & { weight: number } = {
  weight: 0.5,
  distanceReduction: 'sum',
  margin: 3,
  gradient: 'full',
};

/** A head that is quadratic in the activations, so that alpha depends on them: [B,2,2,2] -> [B,2]. */
const head = (a: tf.Tensor4D): tf.Tensor2D => {
  const positive = tf.mean<tf.Tensor2D>(tf.square(a), [1, 2]);
  return tf.matMul(positive, tf.tensor2d([1, 0.5, 0.25, 2], [2, 2]));
};

const images = (): tf.Tensor3D => spread([2, 4, 4], 0, 1) as tf.Tensor3D;
const labels = (): tf.Tensor2D => tf.tensor2d([1, 0, 0, 1], [2, 2]);

const evaluate = (objective: Objective, a: tf.Tensor, x = images()): ObjectiveResult => {
  const activations = a as tf.Tensor4D;
  return objective.compute({ activations, head }, { images: x, labels: labels() });
};

const value = (x: tf.Tensor | undefined): number => x?.dataSync()[0] ?? Number.NaN;

describe('by hand', () => {
  it('distance', () => {
    const cam = tf.tensor3d([0, 1, 0.5, 0], [1, 2, 2]);
    const x = tf.tensor3d([0, 0, 0.5, 2], [1, 2, 2]);
    expect(value(computeDistance(cam, x, 'sum'))).toBeCloseTo(Math.sqrt(5), 6);
    expect(value(computeDistance(cam, x, 'mean'))).toBeCloseTo(Math.sqrt(5 / 4), 6);
    // e^-11, since e^-22 stands under the root.
    expect(value(computeDistance(x, x, 'sum'))).toBeCloseTo(1.67017e-5, 9);
  });

  it('pair loss: near pairs by their distance, far ones up to the margin', () => {
    const losses = computePairLoss(tf.tensor1d([2, 2, 5]), tf.tensor1d([1, 0, 0]), 3);
    expect([...losses.dataSync()]).toEqual([2, 0.5, 0]);
  });

  it('pair loss: a pair just at the margin has no gradient, on neither side of its kink', () => {
    const loss = (d: tf.Tensor): tf.Tensor =>
      tf.sum(computePairLoss(d as tf.Tensor1D, tf.tensor1d([0, 0]), 3));
    expect([...tapeGradient(loss, tf.tensor1d([3, 2]))]).toEqual([0, -1]);
  });

  it('pairings', () => {
    const x = tf.tensor3d([0, 1, 2], [3, 1, 1]);
    const y = tf.tensor2d([1, 0, 1, 0, 0, 1], [3, 2]);
    const logits = tf.tensor2d([5, 1, 1, 5, 1, 5], [3, 2]);
    const pair = (name: keyof typeof pairingRules): number[][] => {
      const { images: other, similar } = pairingRules[name]({ images: x, labels: y }, logits);
      return [[...other.dataSync()], [...similar.dataSync()]];
    };
    expect(pair('matched')).toEqual([
      [0, 1, 2],
      [1, 1, 1],
    ]);
    expect(pair('correctness')).toEqual([
      [0, 1, 2],
      [1, 0, 1],
    ]);
    expect(pair('inBatch')).toEqual([
      [1, 2, 0],
      [1, 0, 0],
    ]);
  });

  it('a batch of one pairs with itself', () => {
    const batch = { images: tf.ones<tf.Rank.R3>([1, 2, 2]), labels: tf.tensor2d([[1, 0]]) };
    const { similar } = pairingRules.inBatch(batch, tf.tensor2d([[1, 0]]));
    expect([...similar.dataSync()]).toEqual([1]);
  });
});

describe('gradients against finite differences', () => {
  const pairings = Object.keys(pairingRules) as (keyof typeof pairingRules)[];
  const cases = pairings.flatMap((pairing) =>
    (['sum', 'mean'] as const).map((distanceReduction) => ({ pairing, distanceReduction })),
  );
  it.each(cases)('full, $pairing, $distanceReduction', ({ pairing, distanceReduction }) => {
    const objective = contrastiveObjective(
      composedOps,
      { ...choices, distanceReduction },
      pairingRules[pairing],
    );
    const loss = (a: tf.Tensor): tf.Tensor => evaluate(objective, a).loss;
    const at = spread([2, 2, 2, 2], 0.2, 1);
    expect(relativeError(tapeGradient(loss, at), numericalGradient(loss, at, 3e-3))).toBeLessThan(
      2e-2,
    );
  });

  it('two equal peaks, along the way on which they stay equal', () => {
    // Both peaks rise by t beside a third cell; the head's weights are constant under stopAlpha.
    const objective = contrastiveObjective(
      composedOps,
      { ...choices, gradient: 'stopAlpha' },
      pairingRules.matched,
    );
    const linear = (a: tf.Tensor4D): tf.Tensor2D =>
      tf.matMul(tf.mean<tf.Tensor2D>(a, [1, 2]), tf.tensor2d([1, 1], [1, 2]));
    const contrastive = (t: tf.Tensor): tf.Tensor => {
      const peaks = tf.tensor4d([1, 0, 0, 1], [1, 2, 2, 1]);
      const activations = tf.add<tf.Tensor4D>(
        tf.mul(peaks, tf.add(t, 2)),
        tf.tensor4d([0, 1, 0, 0], [1, 2, 2, 1]),
      );
      const batch = {
        images: tf.tensor3d([0.5, 0, 0.25, 1], [1, 2, 2]),
        labels: tf.ones<tf.Rank.R2>([1, 2]),
      };
      return objective.compute({ activations, head: linear }, batch).terms.contrastive as tf.Scalar;
    };
    const at = tf.scalar(0);
    expect(
      relativeError(tapeGradient(contrastive, at), numericalGradient(contrastive, at, 1e-2)),
    ).toBeLessThan(1e-3);
  });

  it('stopAlpha differs from full only by what passes through alpha', () => {
    const at = spread([2, 2, 2, 2], 0.2, 1);
    const stopped = contrastiveObjective(
      composedOps,
      { ...choices, gradient: 'stopAlpha' },
      pairingRules.matched,
    );
    const full = contrastiveObjective(composedOps, choices, pairingRules.matched);
    expect(value(evaluate(stopped, at).loss)).toBe(value(evaluate(full, at).loss));
    const [a, b] = [stopped, full].map((objective) =>
      tapeGradient((x) => evaluate(objective, x).loss, at),
    );
    expect(relativeError(a ?? [], [...(b ?? [])])).toBeGreaterThan(1e-2);
  });
});

describe('degenerate maps', () => {
  it('an all-zero map: the distance is the image’s norm, gradients are finite', () => {
    const objective = contrastiveObjective(composedOps, choices, pairingRules.matched);
    const zero = tf.zeros([2, 2, 2, 2]);
    const norms = tf.sum(tf.square(images()), [1, 2]).dataSync();
    const expected = ((norms[0] ?? 0) + (norms[1] ?? 0)) / 4;
    expect(value(evaluate(objective, zero).terms.contrastive)).toBeCloseTo(expected, 4);
    const gradient = tapeGradient((a) => evaluate(objective, a).loss, zero);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  const choicesOfGradient = ['stopAlpha', 'full'] as const;
  it.each(choicesOfGradient)('an infinite weight: no term, counted; %s', (gradient) => {
    const objective = contrastiveObjective(
      composedOps,
      { ...choices, gradient },
      pairingRules.matched,
    );
    // Finite logits whose gradient by channel 0 is not.
    const steep = (a: tf.Tensor4D): tf.Tensor2D =>
      tf.add(
        tf.mean<tf.Tensor2D>(tf.slice(a, [0, 0, 0, 1], [-1, -1, -1, 2]), [1, 2]),
        tf.mean(tf.sqrt(tf.slice(a, [0, 0, 0, 0], [-1, -1, -1, 1])), [1, 2]),
      );
    const values = spread([2, 2, 2, 3], 0.2, 1).dataSync().slice();
    values[0] = 0;
    const at = tf.tensor4d(values, [2, 2, 2, 3]);
    const run = (a: tf.Tensor): ObjectiveResult =>
      objective.compute(
        { activations: a as tf.Tensor4D, head: steep },
        { images: images(), labels: labels() },
      );
    const { loss, terms, nanBatch } = run(at);
    expect([value(terms.contrastive), value(nanBatch)]).toEqual([0, 1]);
    expect(value(loss)).toBe(value(terms.crossEntropy));
  });

  it.each(choicesOfGradient)('a NaN in the map: no term, no gradient, counted; %s', (gradient) => {
    const objective = contrastiveObjective(
      composedOps,
      { ...choices, gradient },
      pairingRules.matched,
    );
    // The logits of this head ignore channel 0, so that the cross-entropy stays finite.
    const blind = (a: tf.Tensor4D): tf.Tensor2D =>
      tf.mean(tf.slice(a, [0, 0, 0, 1], [-1, -1, -1, 2]), [1, 2]);
    const values = spread([2, 2, 2, 3], 0.2, 1).dataSync().slice();
    values[0] = Number.NaN;
    const at = tf.tensor4d(values, [2, 2, 2, 3]);
    const run = (a: tf.Tensor): ObjectiveResult => {
      const activations = a as tf.Tensor4D;
      const network = { activations, head: blind };
      return objective.compute(network, { images: images(), labels: labels() });
    };
    const { loss, terms, nanBatch } = run(at);
    expect(value(terms.contrastive)).toBe(0);
    expect(value(nanBatch)).toBe(1);
    expect(value(loss)).toBe(value(terms.crossEntropy));
    const crossEntropyOnly = tapeGradient((a) => run(a).terms.crossEntropy as tf.Scalar, at);
    expect([...tapeGradient((a) => run(a).loss, at)]).toEqual([...crossEntropyOnly]);
    expect(crossEntropyOnly.every(Number.isFinite)).toBe(true);
  });

  it('a NaN in the image: no term, no gradient, counted', () => {
    const objective = contrastiveObjective(composedOps, choices, pairingRules.matched);
    const pixels = images().dataSync().slice();
    pixels[5] = Number.NaN;
    const damaged = tf.tensor3d(pixels, [2, 4, 4]);
    const at = spread([2, 2, 2, 2], 0.2, 1);
    const { terms, nanBatch } = evaluate(objective, at, damaged);
    expect([value(terms.contrastive), value(nanBatch)]).toEqual([0, 1]);
    const gradient = tapeGradient((a) => evaluate(objective, a, damaged).loss, at);
    const expected = tapeGradient(
      (a) => evaluate(objective, a, damaged).terms.crossEntropy as tf.Scalar,
      at,
    );
    expect([...gradient]).toEqual([...expected]);
  });

  it('counts nothing where all is well', () => {
    const objective = contrastiveObjective(composedOps, choices, pairingRules.matched);
    expect(value(evaluate(objective, spread([2, 2, 2, 2], 0.2, 1)).nanBatch)).toBe(0);
  });
});
