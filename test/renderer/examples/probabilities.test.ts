import { expect, it } from 'vitest';
import { computeVerdicts } from '../../../src/renderer/examples/probabilities.ts';

it('finds the largest probability and its distance to the second', () => {
  const verdicts = computeVerdicts(
    Float32Array.of(0.125, 0.625, 0.25, 0.5, 0.25, 0.25, 0.25, 0.375, 0.375),
    3,
  );
  expect([...verdicts.predictedClasses]).toEqual([1, 0, 1]);
  expect([...verdicts.confidence]).toEqual([0.625, 0.5, 0.375]);
  expect([...verdicts.confidenceMargin]).toEqual([0.375, 0.25, 0]);
});

it('needs no second class', () => {
  expect([...computeVerdicts(Float32Array.of(1), 1).confidenceMargin]).toEqual([1]);
  expect(computeVerdicts(new Float32Array(0), 0).confidence).toHaveLength(0);
});
