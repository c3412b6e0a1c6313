import { readyMetricNames } from '../../core/metrics/exampleMetrics.ts';
import { columnOf, indexPositions } from './epochColumns.ts';
import type { EpochColumns } from './epochColumns.ts';
import { isOfClass, quadrantIndex, quadrants } from './quadrants.ts';
import type { ClassFilter, Quadrant } from './quadrants.ts';

export const sortKeys = [...readyMetricNames, 'change', 'exampleId'] as const;
/** `change`: how far the confidence moved since the epoch before. */
export type SortKey = (typeof sortKeys)[number];

/** Which images a gallery shows; null means any. */
export interface ExampleFilter extends ClassFilter {
  quadrants: readonly Quadrant[];
  threshold: number;
}

/**
 * Change of each image's confidence since the epoch before, matched by exampleId; NaN where there is
 * none to compare with.
 */
export function computeChange(columns: EpochColumns, previous: EpochColumns | null): Float32Array {
  if (previous === null) return new Float32Array(columns.count).fill(Number.NaN);
  const positions = indexPositions(previous.exampleIds);
  return columns.confidence.map((confidence, position) => {
    const before = positions[columns.exampleIds[position] ?? 0] ?? -1;
    return before < 0 ? Number.NaN : confidence - (previous.confidence[before] ?? 0);
  });
}

/** The values that a sort compares. */
export function sortValues(
  columns: EpochColumns,
  key: SortKey,
  previous: EpochColumns | null,
): ArrayLike<number> {
  if (key === 'change') return computeChange(columns, previous).map(Math.abs);
  return key === 'exampleId' ? columns.exampleIds : columnOf(columns, key);
}

/**
 * Positions 0 ... n-1 by value, ascending unless `descending`; ties by exampleId, undefined values
 * (NaN) last either way.
 */
export function orderPositions(
  values: ArrayLike<number>,
  exampleIds: Uint32Array,
  descending: boolean,
): Uint32Array {
  const sign = descending ? -1 : 1;
  const rank = Float64Array.from(values, (value) =>
    Number.isNaN(value) ? Infinity : sign * value,
  );
  return Uint32Array.from(rank.keys()).sort((a, b) => {
    const [left, right] = [rank[a] ?? 0, rank[b] ?? 0];
    if (left !== right) return left < right ? -1 : 1;
    return (exampleIds[a] ?? 0) - (exampleIds[b] ?? 0);
  });
}

/** The positions of `order` that pass the filter, in that order. */
export function filterPositions(
  columns: EpochColumns,
  order: Uint32Array,
  filter: ExampleFilter,
): Uint32Array {
  const shown = quadrants.map((quadrant) => filter.quadrants.includes(quadrant));
  return order.filter(
    (position) =>
      shown[quadrantIndex(columns, position, filter.threshold)] === true &&
      isOfClass(columns, position, filter),
  );
}

/** Where an example stands in a list of ids, and its neighbours; -1 and nulls where it does not. */
export interface ListPlace {
  index: number;
  previous: number | null;
  next: number | null;
}

export function placeInList(exampleIds: ArrayLike<number>, exampleId: number): ListPlace {
  const index = Array.prototype.indexOf.call(exampleIds, exampleId);
  const isListed = index >= 0;
  return {
    index,
    previous: isListed ? (exampleIds[index - 1] ?? null) : null,
    next: isListed ? (exampleIds[index + 1] ?? null) : null,
  };
}
