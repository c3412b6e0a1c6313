/** Timing and printing. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;

/** Median and 95th percentile, ms. */
export const spread = (values: readonly number[]): string =>
  `${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.95).toFixed(1)}`;

export function time(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

export const repeat = (times: number, work: (i: number) => unknown): number[] =>
  Array.from({ length: times }, (_, i) => time(() => work(i)));

/** Takes a file out of the system's cache, where that is possible. */
export function evict(path: string): void {
  spawnSync('dd', [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0']);
}

export const print = (...cells: (string | number)[]): void => {
  console.log(`| ${cells.join(' | ')} |`);
};

/** A table's head. */
export const printHead = (...cells: string[]): void => {
  console.log('');
  print(...cells);
  print(...cells.map((_, i) => (i === 0 ? '---' : '--:')));
};

/** Where and in what company a measurement was made. */
export function printMachine(): void {
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  const name = cpus()[0]?.model ?? '';
  console.log(`${name}, ${cpus().length} cores, Node ${process.version}, load ${load}`);
}
