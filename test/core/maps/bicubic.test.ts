import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bicubicMatrix } from '../../../src/core/maps/bicubic.ts';
import { goldenResize, relativeError } from '../../support/golden.ts';

/** R_h M R_w^T by its definition. */
function resize(input: number[][], height: number, width: number): number[] {
  const rows = input.length;
  const columns = input[0]?.length ?? 0;
  const [vertical, horizontal] = [bicubicMatrix(height, rows), bicubicMatrix(width, columns)];
  return Array.from({ length: height * width }, (_, index) => {
    const [y, x] = [Math.floor(index / width), index % width];
    let sum = 0;
    input.forEach((row, i) => {
      row.forEach((value, j) => {
        sum += (vertical[y * rows + i] ?? 0) * value * (horizontal[x * columns + j] ?? 0);
      });
    });
    return sum;
  });
}

it.each(goldenResize.cases)('resizes as PyTorch does, case %#', ({ input, output }) => {
  const actual = resize(input, output.length, output[0]?.length ?? 0);
  expect(relativeError(actual, output)).toBeLessThan(1e-6);
});

it('leaves constants as they are, and everything at the same size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (to, from) => {
      const matrix = bicubicMatrix(to, from);
      for (let row = 0; row < to; row += 1) {
        const sum = matrix.subarray(row * from, (row + 1) * from).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
      if (to === from) {
        matrix.forEach((value, i) => {
          expect(value).toBeCloseTo(i % (from + 1) === 0 ? 1 : 0, 6);
        });
      }
    }),
  );
});
