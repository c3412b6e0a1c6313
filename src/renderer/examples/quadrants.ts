import type { EpochColumns } from './epochColumns.ts';

/** Right or wrong, and below the confidence threshold (unsure) or not (sure). */
export const quadrants = ['wrong-unsure', 'wrong-sure', 'right-unsure', 'right-sure'] as const;
export type Quadrant = (typeof quadrants)[number];
/** What the gallery opens with: the low-confidence misclassifications. */
export const openingQuadrants: readonly Quadrant[] = ['wrong-unsure'];

type Judged = Pick<EpochColumns, 'labels' | 'predictedClasses' | 'confidence'> &
  Partial<Pick<EpochColumns, 'exampleIds'>>;

/** Index into `quadrants`: bit 0 set where sure, bit 1 where right. */
export function quadrantIndex(columns: Judged, position: number, threshold: number): number {
  const isSure = (columns.confidence[position] ?? 0) >= threshold;
  const isRight = columns.labels[position] === columns.predictedClasses[position];
  return (isRight ? 2 : 0) + (isSure ? 1 : 0);
}

/** Which classes count; null means any. */
export interface ClassFilter {
  label: number | null;
  predictedClass: number | null;
  /** Only these images, by exampleId; null or nothing: any. */
  only?: ReadonlySet<number> | null;
}

export const isOfClass = (columns: Judged, position: number, filter: ClassFilter): boolean =>
  (filter.label === null || columns.labels[position] === filter.label) &&
  (filter.predictedClass === null ||
    columns.predictedClasses[position] === filter.predictedClass) &&
  (filter.only == null || filter.only.has(columns.exampleIds?.[position] ?? -1));

const anyClass: ClassFilter = { label: null, predictedClass: null };

/** How many images of the classes lie in each quadrant, in the order of `quadrants`. */
export function countQuadrants(
  columns: Judged,
  threshold: number,
  classes: ClassFilter = anyClass,
): number[] {
  const counts = quadrants.map(() => 0);
  for (let position = 0; position < columns.confidence.length; position += 1) {
    if (!isOfClass(columns, position, classes)) continue;
    const index = quadrantIndex(columns, position, threshold);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** How many images would be unsure at each threshold i / bins, i = 0 ... bins. */
export interface ThresholdCounts {
  wrong: Uint32Array;
  right: Uint32Array;
}

export function countByThreshold(
  columns: Judged,
  bins: number,
  classes: ClassFilter = anyClass,
): ThresholdCounts {
  const wrong = new Uint32Array(bins + 1);
  const right = new Uint32Array(bins + 1);
  for (let position = 0; position < columns.confidence.length; position += 1) {
    if (!isOfClass(columns, position, classes)) continue;
    // The lowest threshold that lies above the confidence.
    const bin = Math.floor((columns.confidence[position] ?? 0) * bins) + 1;
    if (bin > bins) continue;
    const counts = columns.labels[position] === columns.predictedClasses[position] ? right : wrong;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  for (const counts of [wrong, right]) {
    for (let bin = 1; bin <= bins; bin += 1) {
      counts[bin] = (counts[bin] ?? 0) + (counts[bin - 1] ?? 0);
    }
  }
  return { wrong, right };
}
