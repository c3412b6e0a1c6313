import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  agreements,
  countAgreements,
  matchPredictions,
  pairExamples,
  selectPairs,
} from '../../../src/renderer/examples/agreement.ts';
import { countOf } from '../../../src/renderer/examples/confusion.ts';
import { anyRows, buildColumns } from './builders.ts';

const a = buildColumns([
  { exampleId: 1, label: 0, probabilities: [0.5, 0.25, 0.25] },
  { exampleId: 2, label: 0, probabilities: [0.75, 0.25, 0] },
  { exampleId: 3, label: 1, probabilities: [0.75, 0.25, 0] },
  { exampleId: 4, label: 2, probabilities: [0.75, 0.25, 0] },
  { exampleId: 6, label: 2, probabilities: [0, 0.25, 0.75] },
]);
const b = buildColumns([
  { exampleId: 6, label: 2, probabilities: [0, 0, 1] },
  { exampleId: 4, label: 2, probabilities: [0, 1, 0] },
  { exampleId: 3, label: 1, probabilities: [0.25, 0.75, 0] },
  { exampleId: 2, label: 0, probabilities: [0, 1, 0] },
  { exampleId: 1, label: 0, probabilities: [0.0, 1, 0] },
  { exampleId: 9, label: 0, probabilities: [1, 0, 0] },
]);

it('pairs by id whatever the order and tells who is right', () => {
  const pairs = pairExamples(a, b);
  expect([...pairs.positionsA]).toEqual([0, 1, 2, 3, 4]);
  expect([...pairs.positionsB]).toEqual([4, 3, 2, 1, 0]);
  expect([...pairs.agreement].map((index) => agreements[index])).toEqual([
    'only-a',
    'only-a',
    'only-b',
    'both-wrong',
    'both-right',
  ]);
  expect(countAgreements(pairs)).toEqual([2, 1, 1, 1]);
  expect(countOf(matchPredictions(a, b, pairs), 0, 1)).toBe(4);
});

it('lists first where the confidences differ most', () => {
  const pairs = pairExamples(a, b);
  const list = selectPairs(a, b, pairs, {
    agreement: 'only-a',
    predictedByA: null,
    predictedByB: 1,
  });
  expect([...list].map((i) => a.exampleIds[pairs.positionsA[i] ?? 0])).toEqual([1, 2]);
  const none = { agreement: 'only-a', predictedByA: 2, predictedByB: null } as const;
  expect(selectPairs(a, b, pairs, none)).toHaveLength(0);
});

it('lists exactly the images that a cell of the predictions counts', () => {
  const pairs = pairExamples(a, b);
  const matrix = matchPredictions(a, b, pairs);
  for (const predictedByA of [0, 1, 2])
    for (const predictedByB of [0, 1, 2]) {
      const filter = { agreement: 'any', predictedByA, predictedByB } as const;
      expect(selectPairs(a, b, pairs, filter)).toHaveLength(
        countOf(matrix, predictedByA, predictedByB),
      );
    }
});

it('puts every common image into one list', () => {
  fc.assert(
    fc.property(anyRows, anyRows, (rowsA, rowsB) => {
      const [left, right] = [buildColumns(rowsA), buildColumns(rowsB)];
      const pairs = pairExamples(left, right);
      const idsB = new Set(rowsB.map(({ exampleId }) => exampleId));
      const listed = agreements.flatMap((agreement) => [
        ...selectPairs(left, right, pairs, { agreement, predictedByA: null, predictedByB: null }),
      ]);
      expect(
        listed
          .map((i) => left.exampleIds[pairs.positionsA[i] ?? 0])
          .sort((x, y) => (x ?? 0) - (y ?? 0)),
      ).toEqual(rowsA.map(({ exampleId }) => exampleId).filter((id) => idsB.has(id)));
    }),
  );
});
