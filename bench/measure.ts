/** Timing and printing. */
import { spawnSync } from 'node:child_process';

const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;

/** Median and 95th percentile, ms. */
export const spread = (values: number[]): string =>
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
