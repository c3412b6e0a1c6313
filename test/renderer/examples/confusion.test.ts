import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  agreementOf,
  columnTotal,
  countClassPairs,
  countOf,
  largestError,
  rowAgreement,
  rowTotal,
} from '../../../src/renderer/examples/confusion.ts';

it('counts labels against predictions', () => {
  const matrix = countClassPairs([0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 0, 2], 3);
  expect([...matrix.counts]).toEqual([1, 1, 0, 0, 1, 0, 2, 0, 1]);
  expect(countOf(matrix, 2, 0)).toBe(2);
  expect(rowTotal(matrix, 2)).toBe(3);
  expect(columnTotal(matrix, 0)).toBe(3);
  expect(largestError(matrix)).toBe(2);
  expect([0, 1, 2].map((label) => rowAgreement(matrix, label))).toEqual([1 / 2, 1, 1 / 3]);
  expect(agreementOf(matrix)).toBe(3 / 6);
  expect(rowAgreement(countClassPairs([1], [1], 2), 0)).toBeNull();
});

it('counts every pair once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4))), (pairs) => {
      const [rows, columns] = [pairs.map(([row]) => row), pairs.map(([, column]) => column)];
      const matrix = countClassPairs(rows, columns, 5);
      expect(matrix.counts.reduce((sum, count) => sum + count, 0)).toBe(pairs.length);
      [0, 1, 2, 3, 4].forEach((row) => {
        expect(rowTotal(matrix, row)).toBe(rows.filter((value) => value === row).length);
      });
    }),
  );
});

it('has no error where all is right', () => {
  expect(largestError(countClassPairs([0, 1], [0, 1], 2))).toBe(0);
});
