import { defineFunction } from '../module/assembler.ts';
import { i32, scalarLanes } from '../module/lanes.ts';

/** target [columns, rows] = source [rows, columns] transposed, whose lines lie `sourceLine` bytes apart. */
export const transpose = defineFunction(
  ['source', 'sourceLine', 'target', 'rows', 'columns'],
  (f, { source, sourceLine, target, rows, columns }) => {
    const step = f.let(i32.multiply(rows, 4));
    f.repeat(rows, () => {
      const [from, to] = [f.let(source), f.let(target)];
      f.repeat(columns, () => {
        f.run(scalarLanes.store(to, scalarLanes.load(from)));
        f.increase(from, 4);
        f.increase(to, step);
      });
      f.increase(source, sourceLine);
      f.increase(target, 4);
    });
  },
);
