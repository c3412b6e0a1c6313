import type { FunctionBody, Variable } from './assembler.ts';
import { i32, scalarLanes, vectorLanes } from './lanes.ts';

/** Columns that a tile of registers works on at once, widest first. */
export const panels = [
  { lanes: vectorLanes, vectors: 2, bytes: 32 },
  { lanes: vectorLanes, vectors: 1, bytes: 16 },
  { lanes: scalarLanes, vectors: 1, bytes: 4 },
] as const;
export type Panel = (typeof panels)[number];

/** The sums of a tile, which start at 0, [rows][vectors]. */
export const startSums = (f: FunctionBody, { lanes, vectors }: Panel, rows: number): Variable[][] =>
  Array.from({ length: rows }, () =>
    Array.from({ length: vectors }, () => f.let(lanes.constant(0))),
  );

/** Visits the sums of a tile with the addresses of their rows, and how far behind these they belong. */
export function eachSum(
  rows: readonly Variable[],
  sums: readonly (readonly Variable[])[],
  visit: (row: Variable, sum: Variable, offset: number) => void,
): void {
  rows.forEach((row, i) =>
    sums[i]?.forEach((sum, j) => {
      visit(row, sum, 16 * j);
    }),
  );
}

/** Addresses of `rows` lines from `first` on. */
export function linesFrom(
  f: FunctionBody,
  first: Variable,
  line: Variable,
  rows: number,
): Variable[] {
  const addresses = [f.let(first)];
  while (addresses.length < rows) {
    addresses.push(f.let(i32.add(addresses.at(-1) ?? first, line)));
  }
  return addresses;
}
