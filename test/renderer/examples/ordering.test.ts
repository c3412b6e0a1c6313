import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  computeChange,
  filterPositions,
  orderPositions,
  placeInList,
  sortKeys,
  sortValues,
} from '../../../src/renderer/examples/ordering.ts';
import { quadrants } from '../../../src/renderer/examples/quadrants.ts';
import { anyRows, buildColumns } from './builders.ts';

it('sorts either way, ties by id, undefined values last', () => {
  const values = Float32Array.of(0.5, Number.NaN, 0.25, 0.5, 1);
  const ids = Uint32Array.of(9, 1, 2, 3, 4);
  expect([...orderPositions(values, ids, false)]).toEqual([2, 3, 0, 4, 1]);
  expect([...orderPositions(values, ids, true)]).toEqual([4, 3, 0, 2, 1]);
});

it('sorts as a plain list of objects would be sorted', () => {
  fc.assert(
    fc.property(anyRows, fc.constantFrom(...sortKeys), fc.boolean(), (rows, key, descending) => {
      const columns = buildColumns(rows);
      const values = sortValues(columns, key, null);
      const expected = rows
        .map((_, position) => ({ position, value: values[position] ?? Number.NaN }))
        .sort((a, b) => {
          if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
            return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
          }
          return descending ? b.value - a.value : a.value - b.value;
        })
        .map(({ position }) => position);
      // Rows ascend by id and the sort above is stable, so that its ties are by id.
      expect([...orderPositions(values, columns.exampleIds, descending)]).toEqual(expected);
    }),
  );
});

it('measures change against the same image one epoch before', () => {
  const before = buildColumns([
    { exampleId: 2, label: 0, probabilities: [0.5, 0.5, 0] },
    { exampleId: 5, label: 0, probabilities: [1, 0, 0] },
  ]);
  const now = buildColumns([
    { exampleId: 5, label: 0, probabilities: [0.75, 0.25, 0] },
    { exampleId: 2, label: 0, probabilities: [0.625, 0.375, 0] },
    { exampleId: 7, label: 0, probabilities: [0.5, 0.5, 0] },
  ]);
  expect([...computeChange(now, before)]).toEqual([-0.25, 0.125, Number.NaN]);
  expect([...computeChange(now, null)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  const order = orderPositions(sortValues(now, 'change', before), now.exampleIds, true);
  expect([...order].map((position) => now.exampleIds[position])).toEqual([5, 2, 7]);
});

it('keeps the order and takes exactly what passes', () => {
  const anyFilter = fc.record({
    quadrants: fc.subarray([...quadrants]),
    threshold: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    label: fc.option(fc.nat(2)),
    predictedClass: fc.option(fc.nat(2)),
  });
  fc.assert(
    fc.property(anyRows, anyFilter, (rows, filter) => {
      const columns = buildColumns(rows);
      const order = Uint32Array.from(rows.keys()).reverse();
      const expected = [...order].filter((position) => {
        const [label, predicted] = [columns.labels[position], columns.predictedClasses[position]];
        const verdict = label === predicted ? 'right' : 'wrong';
        const isSure = (columns.confidence[position] ?? 0) >= filter.threshold;
        return (
          filter.quadrants.includes(`${verdict}-${isSure ? 'sure' : 'unsure'}`) &&
          (filter.label ?? label) === label &&
          (filter.predictedClass ?? predicted) === predicted
        );
      });
      expect([...filterPositions(columns, order, filter)]).toEqual(expected);
    }),
  );
});

it('knows the neighbours of an example', () => {
  const ids = Uint32Array.of(7, 3, 9);
  expect(placeInList(ids, 7)).toEqual({ index: 0, previous: null, next: 3 });
  expect(placeInList(ids, 3)).toEqual({ index: 1, previous: 7, next: 9 });
  expect(placeInList(ids, 4)).toEqual({ index: -1, previous: null, next: null });
});
