import { blockRows } from '../layers/channelwise.ts';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { defineTask } from '../threads/tasks.ts';

/** For each of some matrices [rows, channels] in a row: its line of `sum` += the sum over its rows. */
export const sumGroups = defineTask(
  ['x', 'sum', 'rows', 'bytes'],
  ({ functions }, { x, sum, rows, bytes }, from, to) => {
    for (let group = from; group < to; group += 1) {
      functions.sumRows({
        x: x + group * rows * bytes,
        sum: sum + group * bytes,
        rows,
        bytes,
        step: 0,
      });
    }
  },
);

/** sum = the lines of x, one after the other, over a divisor. */
export const addLines = defineTask(
  ['x', 'sum', 'rows', 'channels', 'divisor'],
  ({ functions, viewOf }, { x, sum, rows, channels, divisor }) => {
    const sums = viewOf(sum, channels);
    sums.fill(0);
    functions.addRows({ x, sum, rows, bytes: channels * floatBytes });
    for (let k = 0; k < channels; k += 1) sums[k] = (sums[k] as number) / divisor;
  },
);

/**
 * Sums over the rows of a matrix [rows, channels], one line of channels at each of the addresses in
 * `targets`. Threads add up the blocks of rows, and one adds up their sums in order and divides them.
 *
 * @param add calls a reduction with the addresses of the blocks' lines, which lie `step` bytes apart
 */
export function sumInBlocks(
  instance: WasmInstance,
  { rows, channels }: { rows: number; channels: number },
  targets: readonly number[],
  add: (lines: number[], step: number) => void,
  divisor = 1,
): void {
  const blocks = Math.ceil(rows / blockRows);
  const [length, bytes] = [blocks * channels, channels * floatBytes];
  instance.borrow([targets.length * length], (memory) => {
    const lines = targets.map((_, i) => memory + i * length * floatBytes);
    add(lines, bytes);
    targets.forEach((sum, i) => {
      const args = { x: lines[i] as number, sum, rows: blocks, channels, divisor };
      instance.run('addLines', args, 1);
    });
  });
}
