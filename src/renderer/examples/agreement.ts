import { countClassPairs } from './confusion.ts';
import type { ClassMatrix } from './confusion.ts';
import { indexPositions } from './epochColumns.ts';
import type { EpochColumns } from './epochColumns.ts';

/** Who is right about an image. */
export const agreements = ['only-a', 'only-b', 'both-wrong', 'both-right'] as const;
export type Agreement = (typeof agreements)[number];

/** The images that two runs both evaluated, n in all. */
export interface PairedExamples {
  /** [n] each: positions in the columns of A and of B. */
  positionsA: Uint32Array;
  positionsB: Uint32Array;
  /** [n], index into `agreements`. */
  agreement: Uint8Array;
}

const isRight = ({ labels, predictedClasses }: EpochColumns, position: number): boolean =>
  labels[position] === predictedClasses[position];

/** Pairs images by exampleId, in the order of A. Both runs must have evaluated the same data set. */
export function pairExamples(a: EpochColumns, b: EpochColumns): PairedExamples {
  const inB = indexPositions(b.exampleIds);
  const positionsA = Uint32Array.from(a.exampleIds.keys()).filter(
    (position) => (inB[a.exampleIds[position] ?? 0] ?? -1) >= 0,
  );
  const positionsB = positionsA.map((position) => inB[a.exampleIds[position] ?? 0] ?? 0);
  const agreement = Uint8Array.from(positionsA, (position, i) => {
    const [rightA, rightB] = [isRight(a, position), isRight(b, positionsB[i] ?? 0)];
    if (rightA !== rightB) return rightA ? 0 : 1;
    return rightA ? 3 : 2;
  });
  return { positionsA, positionsB, agreement };
}

/** How many pairs fall under each agreement, in the order of `agreements`. */
export function countAgreements({ agreement }: PairedExamples): number[] {
  const counts = agreements.map(() => 0);
  for (const index of agreement) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

/** What A predicts (rows) against what B predicts (columns). */
export function matchPredictions(
  a: EpochColumns,
  b: EpochColumns,
  { positionsA, positionsB }: PairedExamples,
): ClassMatrix {
  return countClassPairs(
    Array.from(positionsA, (position) => a.predictedClasses[position] ?? 0),
    Array.from(positionsB, (position) => b.predictedClasses[position] ?? 0),
    Math.max(a.classes, b.classes),
  );
}

/** Which pairs a list shows; null means any class. */
export interface PairFilter {
  agreement: Agreement | 'any';
  predictedByA: number | null;
  predictedByB: number | null;
}

/**
 * Indices of the pairs that pass, those first on which the two runs' confidences differ most, ties
 * by exampleId.
 */
export function selectPairs(
  a: EpochColumns,
  b: EpochColumns,
  pairs: PairedExamples,
  filter: PairFilter,
): Uint32Array {
  /** -1 for any. */
  const wanted = agreements.findIndex((kind) => kind === filter.agreement);
  const { positionsA, positionsB } = pairs;
  const gap = (i: number): number =>
    Math.abs((a.confidence[positionsA[i] ?? 0] ?? 0) - (b.confidence[positionsB[i] ?? 0] ?? 0));
  const idOf = (i: number): number => a.exampleIds[positionsA[i] ?? 0] ?? 0;
  const passes = (predicted: Uint8Array, position: number | undefined, wish: number | null) =>
    wish === null || predicted[position ?? 0] === wish;
  return Uint32Array.from(positionsA.keys())
    .filter(
      (i) =>
        (wanted < 0 || pairs.agreement[i] === wanted) &&
        passes(a.predictedClasses, positionsA[i], filter.predictedByA) &&
        passes(b.predictedClasses, positionsB[i], filter.predictedByB),
    )
    .sort((i, j) => gap(j) - gap(i) || idOf(i) - idOf(j));
}
