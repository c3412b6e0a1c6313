import { expect, it } from 'vitest';
import { tabulateMaps } from '../../../../src/core/figures/maps/mapTable.ts';

it('a colour image has the rows of each of its channels', () => {
  const image = {
    ...{ exampleId: 4, label: 1, labelName: 'one', size: 2 },
    pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  };
  const { columns, rows } = tabulateMaps([{ run: 'a', image, map: null }]);
  const shown = ['kind', 'y', 'x0', 'x1'].map((name) => columns.indexOf(name));
  expect(rows.map((row) => shown.map((column) => row[column]))).toEqual([
    ['image red', 0, 1, 4],
    ['image red', 1, 7, 10],
    ['image green', 0, 2, 5],
    ['image green', 1, 8, 11],
    ['image blue', 0, 3, 6],
    ['image blue', 1, 9, 12],
  ]);
});

it('a grey image has one row for each of its own', () => {
  const image = {
    ...{ exampleId: 4, label: 1, labelName: 'one', size: 2 },
    pixels: Uint8Array.of(1, 2, 3, 4),
  };
  const { columns, rows } = tabulateMaps([{ run: 'a', image, map: null }]);
  const shown = ['kind', 'y', 'x0', 'x1'].map((name) => columns.indexOf(name));
  expect(rows.map((row) => shown.map((column) => row[column]))).toEqual([
    ['image', 0, 1, 2],
    ['image', 1, 3, 4],
  ]);
});
