import { defineFunction } from '../module/assembler.ts';
import { i32, scalarLanes } from '../module/lanes.ts';

/** target [columns, rows] = source [rows, columns] transposed. */
export const transpose = defineFunction(
  ['source', 'target', 'rows', 'columns'],
  (f, { source, target, rows, columns }) => {
    const step = f.let(i32.multiply(rows, 4));
    f.repeat(rows, () => {
      const to = f.let(target);
      f.repeat(columns, () => {
        f.run(scalarLanes.store(to, scalarLanes.load(source)));
        f.increase(source, 4);
        f.increase(to, step);
      });
      f.increase(target, 4);
    });
  },
);
