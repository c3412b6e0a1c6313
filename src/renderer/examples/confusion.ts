/** Counts of pairs of classes, [classes, classes], row-major. */
export interface ClassMatrix {
  classes: number;
  counts: Uint32Array;
}

/** counts[r, c]: how many positions have `rows` = r and `columns` = c. */
export function countClassPairs(
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  classes: number,
): ClassMatrix {
  const counts = new Uint32Array(classes * classes);
  for (let i = 0; i < rows.length; i += 1) {
    const index = (rows[i] ?? 0) * classes + (columns[i] ?? 0);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { classes, counts };
}

export const countOf = ({ classes, counts }: ClassMatrix, row: number, column: number): number =>
  counts[row * classes + column] ?? 0;

export function rowTotal(matrix: ClassMatrix, row: number): number {
  let total = 0;
  for (let column = 0; column < matrix.classes; column += 1) total += countOf(matrix, row, column);
  return total;
}

export function columnTotal(matrix: ClassMatrix, column: number): number {
  let total = 0;
  for (let row = 0; row < matrix.classes; row += 1) total += countOf(matrix, row, column);
  return total;
}

/** Share of a row that lies on the diagonal: of labels, the accuracy of the class; null of no images. */
export function rowAgreement(matrix: ClassMatrix, row: number): number | null {
  const total = rowTotal(matrix, row);
  return total === 0 ? null : countOf(matrix, row, row) / total;
}

/** Share of all that lies on the diagonal; null of no images. */
export function agreementOf({ classes, counts }: ClassMatrix): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const same = counts.reduce(
    (sum, count, index) => (index % (classes + 1) === 0 ? sum + count : sum),
    0,
  );
  return total === 0 ? null : same / total;
}

/** Largest count off the diagonal: what a shade of errors is measured by. */
export function largestError({ classes, counts }: ClassMatrix): number {
  return counts.reduce(
    (largest, count, index) => (index % (classes + 1) === 0 ? largest : Math.max(largest, count)),
    0,
  );
}
