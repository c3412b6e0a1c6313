import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeNetwork } from '../../../src/core/models/network.ts';
import { EagerProgram } from '../../../src/main/learning/engine/eagerProgram.ts';
import { composedOps } from '../../../src/main/learning/engine/ops.ts';
import { crossEntropyObjective } from '../../../src/main/learning/objective/crossEntropy.ts';
import type { Optimizer } from '../../../src/main/learning/optimizer/optimizer.ts';
import {
  buildTrainStep,
  countCorrect,
  normalize,
  stateSizes,
} from '../../../src/main/learning/step.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('images are normalised and get a channel', () => {
  const images = tf.tensor3d([0, 0.5, 0.75, 1], [1, 2, 2]);
  const normalized = normalize(images, { mean: 0.5, standardDeviation: 0.25 });
  expect(normalized.shape).toEqual([1, 2, 2, 1]);
  expect([...normalized.dataSync()]).toEqual([-2, 0, 1, 2]);
});

it('colours are normalised by channel', () => {
  const images = tf.tensor4d([0, 0.5, 0.75, 1, 1, 1], [1, 1, 2, 3]);
  const mean = [0.5, 0.25, 0.75];
  const normalized = normalize(images, { mean, standardDeviation: [0.25, 0.5, 0.125] });
  expect(normalized.shape).toEqual([1, 1, 2, 3]);
  expect([...normalized.dataSync()]).toEqual([-2, 0.5, 0, 2, 1.5, 2]);
});

it('a prediction is right where the largest logit is the label’s, the first of equal ones', () => {
  const logits = tf.tensor2d([1, 2, 0, 3, 3, 0, 0, 0, 1], [3, 3]);
  const labels = tf.tensor2d([0, 1, 0, 1, 0, 0, 0, 1, 0], [3, 3]);
  expect(countCorrect(logits, labels).dataSync()[0]).toBe(2);
  const second = tf.tensor2d([0, 1, 0, 0, 1, 0, 0, 1, 0], [3, 3]);
  expect(countCorrect(logits, second).dataSync()[0]).toBe(1);
});

/** A norm on the image itself and one unit per class, so that what it sees is known by hand. */
const model = describeNetwork(
  [
    { kind: 'batchNorm', name: 'bn' },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dropout', name: 'dropout' },
    { kind: 'dense', name: 'dense', outputs: 2 },
  ],
  { imageSize: 1 },
);

/** Adds the gradient to its only slot and leaves the weights where they are. */
const collecting: Optimizer = {
  slots: ['seen'],
  scalarsAt: () => [],
  update: (parameters, gradient, [seen]) => ({
    parameters: tf.clone(parameters),
    slots: [tf.add(seen as tf.Tensor1D, gradient)],
  }),
};

/** Gamma, beta, kernel [1, 2] and bias [2]; running mean and variance; what the optimizer keeps. */
const initialState = (): Float32Array[] => [
  Float32Array.of(1, 0, 1, -1, 0, 0),
  Float32Array.of(10, 20),
  new Float32Array(6),
];

/** A step on pixels -1 and 3 after normalisation, labels 0 and 1, with `mask`. */
function step(mask: [number, number], state = initialState()) {
  const train = buildTrainStep({
    model,
    objective: crossEntropyObjective,
    optimizer: collecting,
    targetLayer: 'bn',
    normalization: { mean: 0.25, standardDeviation: 0.25 },
    ops: composedOps,
  });
  const program = new EagerProgram({ train });
  program.writeState(state);
  const [terms] = program.run('train', [
    tf.tensor3d([0, 1], [2, 1, 1]),
    tf.tensor2d([1, 0, 0, 1], [2, 2]),
    tf.tensor2d(mask, [2, 1]),
  ]);
  const [parameters, statistics, seen] = program.readState();
  return { terms: [...(terms?.dataSync() ?? [])], parameters, statistics, seen };
}

describe('a step', () => {
  it('says how long the vectors of its state are', () => {
    expect(stateSizes(model, collecting)).toEqual([6, 2, 6]);
  });

  it('takes a tenth of the batch’s mean and unbiased variance into the running ones', () => {
    // Pixels -1 and 3: mean 1, variance 8 of two values less one.
    const [mean, variance] = step([1, 1]).statistics ?? [];
    expect(mean).toBeCloseTo(0.9 * 10 + 0.1 * 1, 4);
    expect(variance).toBeCloseTo(0.9 * 20 + 0.1 * 8, 4);
  });

  it('gives the terms of the weights before it, and their gradient to the optimizer', () => {
    // Normalised to -1 and 1 by the batch's own moments: logits (-1, 1) and (1, -1), both wrong.
    const loss = Math.log(1 + Math.exp(2));
    const { terms, seen } = step([1, 1]);
    expect(terms.map((value) => Math.round(value * 1e3) / 1e3)).toEqual([
      Math.round(loss * 1e3) / 1e3,
      0,
      0,
      Math.round(loss * 1e3) / 1e3,
    ]);
    // p - y is (-s, s) for the first, (s, -s) for the second, s = 1 / (1 + e^-2); times x, the mean.
    const s = 1 / (1 + Math.exp(-2));
    expect(seen?.[2]).toBeCloseTo(s, 3);
    expect(seen?.[3]).toBeCloseTo(-s, 3);
  });

  it('multiplies what is left by the mask, before the dense layers', () => {
    // The first image is dropped out: logits (0, 0); the second doubled: (2, -2), and its label is 1.
    const { terms } = step([0, 2]);
    expect(terms[0]).toBeCloseTo((Math.log(2) + Math.log(1 + Math.exp(4))) / 2, 3);
    expect(terms[2]).toBe(1);
  });

  it('has no finite loss where the weights or the running statistics are not', () => {
    const [weights, statistics, slots] = initialState() as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    expect(step([1, 1]).terms[0]).toBeGreaterThan(0);
    const infinite = [weights, Float32Array.of(10, Infinity), slots];
    expect(step([1, 1], infinite).terms[0]).toBeNaN();
    const lost = [Float32Array.of(1, 0, 1, -1, 0, NaN), statistics, slots];
    expect(step([1, 1], lost).terms[0]).toBeNaN();
  });
});
