import { expect, it } from 'vitest';
import { computeEditDistance, nearest } from '../../src/core/editDistance.ts';

it('counts edits', () => {
  expect(computeEditDistance('kitten', 'sitting')).toBe(3);
  expect(computeEditDistance('', 'abc')).toBe(3);
  expect(computeEditDistance('same', 'same')).toBe(0);
});

it('finds the nearest word, whatever its case', () => {
  expect(nearest('Camwieght', ['margin', 'camWeight', 'camGradient'])).toBe('camWeight');
  expect(nearest('x', [])).toBeUndefined();
});
