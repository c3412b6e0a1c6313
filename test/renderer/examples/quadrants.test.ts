import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  countByThreshold,
  countQuadrants,
  quadrantIndex,
  quadrants,
} from '../../../src/renderer/examples/quadrants.ts';
import { anyRows, buildColumns } from './builders.ts';

const columns = buildColumns([
  { exampleId: 0, label: 0, probabilities: [0.5, 0.25, 0.25] },
  { exampleId: 1, label: 0, probabilities: [0.75, 0.125, 0.125] },
  { exampleId: 2, label: 1, probabilities: [0.5, 0.25, 0.25] },
  { exampleId: 3, label: 1, probabilities: [0.875, 0.125, 0] },
  { exampleId: 4, label: 2, probabilities: [0, 0, 1] },
]);

it('tells right from wrong and sure from unsure; the threshold itself is sure', () => {
  const namesAt = (threshold: number) =>
    [0, 1, 2, 3, 4].map((position) => quadrants[quadrantIndex(columns, position, threshold)]);
  expect(namesAt(0.6)).toEqual([
    'right-unsure',
    'right-sure',
    'wrong-unsure',
    'wrong-sure',
    'right-sure',
  ]);
  expect(namesAt(0.5)[0]).toBe('right-sure');
  expect(countQuadrants(columns, 0.6)).toEqual([1, 1, 1, 2]);
});

it('counts the unsure at every threshold', () => {
  const { wrong, right } = countByThreshold(columns, 4);
  // Thresholds 0, 0.25, 0.5, 0.75, 1: confidences 0.5, 0.75, 1 right; 0.5, 0.875 wrong.
  expect([...right]).toEqual([0, 0, 0, 1, 2]);
  expect([...wrong]).toEqual([0, 0, 0, 1, 2]);
});

it('draws behind the slider what the toggles count', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(100), (rows, step) => {
      const any = buildColumns(rows);
      const [wrongUnsure, , rightUnsure] = countQuadrants(any, step / 100);
      const { wrong, right } = countByThreshold(any, 100);
      expect([wrong[step], right[step]]).toEqual([wrongUnsure, rightUnsure]);
    }),
  );
});
