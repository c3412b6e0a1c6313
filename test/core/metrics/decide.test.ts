import { expect, it } from 'vitest';
import { decide } from '../../../src/core/metrics/decide.ts';

it('the first of equal classes is predicted, within its own stretch', () => {
  const decision = decide(Float32Array.of(0.9, 0.25, 0.375, 0.375, 0.8), 1, 3);
  expect(decision).toEqual({ predictedClass: 1, confidence: 0.375, confidenceMargin: 0 });
});

it('the margin is what is left over the second', () => {
  const decision = decide(Float32Array.of(0.25, 0.625, 0.125), 0, 3);
  expect(decision).toEqual({ predictedClass: 1, confidence: 0.625, confidenceMargin: 0.375 });
});
