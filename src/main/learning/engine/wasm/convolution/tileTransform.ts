import { defineFunction, type FunctionBody, type Variable } from '../module/assembler.ts';
import { i32, type Lanes, type Value } from '../module/lanes.ts';
import { transposed, type Matrix } from './winograd.ts';

/** sum_i coefficients_i values_i, without the terms that are zero. */
function combine(lanes: Lanes, coefficients: readonly number[], values: readonly Value[]): Value {
  const terms = coefficients.flatMap((coefficient, i) => {
    const value = values[i];
    return coefficient === 0 || value === undefined ? [] : [{ coefficient, value }];
  });
  const scale = (value: Value, by: number): Value =>
    by === 1 ? value : lanes.multiply(value, lanes.constant(by));
  // A positive term in front saves its multiplication by -1.
  const [first, ...rest] = terms.sort((a, b) => b.coefficient - a.coefficient);
  if (first === undefined) return lanes.constant(0);
  return rest.reduce(
    (sum, { coefficient, value }) =>
      coefficient > 0
        ? lanes.add(sum, scale(value, coefficient))
        : lanes.subtract(sum, scale(value, -coefficient)),
    scale(first.value, first.coefficient),
  );
}

/** Whether b is a with its entries of odd index negated, as for the points p and -p. */
const isMirrored = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.every((value, i) => b[i] === (i % 2 === 0 ? value : -value));

const keepParity = (row: readonly number[], parity: number): number[] =>
  row.map((value, i) => (i % 2 === parity ? value : 0));

/** matrix * values; two rows that mirror each other share the sums of their even and odd terms. */
function multiplyRows(
  f: FunctionBody,
  lanes: Lanes,
  matrix: Matrix,
  values: readonly Value[],
): Variable[] {
  const results: Variable[] = [];
  while (results.length < matrix.length) {
    const row = matrix[results.length] ?? [];
    if (isMirrored(row, matrix[results.length + 1])) {
      const even = f.let(combine(lanes, keepParity(row, 0), values));
      const odd = f.let(combine(lanes, keepParity(row, 1), values));
      results.push(f.let(lanes.add(even, odd)), f.let(lanes.subtract(even, odd)));
    } else {
      results.push(f.let(combine(lanes, row, values)));
    }
  }
  return results;
}

/** The same where columns mirror each other: their values enter as sums and as differences. */
function multiplyColumns(
  f: FunctionBody,
  lanes: Lanes,
  matrix: Matrix,
  values: readonly Variable[],
): Variable[] {
  const columns = transposed(matrix);
  const terms: { value: Value; coefficients: readonly number[] }[] = [];
  for (let j = 0; j < columns.length; j += 1) {
    const [column = [], value, next] = [columns[j], values[j], values[j + 1]];
    if (value === undefined) break;
    if (next !== undefined && isMirrored(column, columns[j + 1])) {
      terms.push({ value: f.let(lanes.add(value, next)), coefficients: keepParity(column, 0) });
      terms.push({
        value: f.let(lanes.subtract(value, next)),
        coefficients: keepParity(column, 1),
      });
      j += 1;
    } else {
      terms.push({ value, coefficients: column });
    }
  }
  return matrix.map((_, i) => {
    const row = terms.map(({ coefficients }) => coefficients[i] ?? 0);
    return f.let(
      combine(
        lanes,
        row,
        terms.map(({ value }) => value),
      ),
    );
  });
}

const parameters = [
  'source',
  'sourceRow',
  'sourceColumn',
  'sourceTile',
  'sourceLine',
  'target',
  'targetRow',
  'targetColumn',
  'targetTile',
  'targetLine',
  'lines',
  'tiles',
  'bytes',
] as const;

/**
 * target = matrix source matrix^T for each channel of each tile. Element (i, j) of a tile lies at
 * i * row + j * column; channels are side by side; tiles stand in `lines` of `tiles`. In bytes.
 */
export const defineTransform = (matrix: Matrix) =>
  defineFunction(parameters, (f, p) => {
    const steps = (step: Value, count: number): Variable[] =>
      Array.from({ length: count }, (_, i) => f.let(i32.multiply(step, i)));
    const [inputs, outputs] = [matrix[0]?.length ?? 0, matrix.length];
    const [sourceRows, sourceColumns] = [steps(p.sourceRow, inputs), steps(p.sourceColumn, inputs)];
    const [targetRows, targetColumns] = [
      steps(p.targetRow, outputs),
      steps(p.targetColumn, outputs),
    ];
    const multiply = outputs >= inputs ? multiplyRows : multiplyColumns;
    f.repeat(p.lines, () => {
      const [source, target] = [f.let(p.source), f.let(p.target)];
      f.repeat(p.tiles, () => {
        f.eachLane(p.bytes, (lanes, at) => {
          const [from, to] = [f.let(i32.add(source, at)), f.let(i32.add(target, at))];
          const columns = sourceColumns.map((column) => {
            const start = f.let(i32.add(from, column));
            const values = sourceRows.map((row) => f.let(lanes.load(i32.add(start, row))));
            return multiply(f, lanes, matrix, values);
          });
          targetRows.forEach((row, i) => {
            const start = f.let(i32.add(to, row));
            const values = columns.flatMap((column) => column[i] ?? []);
            multiply(f, lanes, matrix, values).forEach((value, j) => {
              f.run(lanes.store(i32.add(start, targetColumns[j] ?? start), value));
            });
          });
        });
        f.increase(source, p.sourceTile);
        f.increase(target, p.targetTile);
      });
      f.increase(p.source, p.sourceLine);
      f.increase(p.target, p.targetLine);
    });
  });
