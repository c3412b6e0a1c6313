/** Pivots below this share of their diagonal element are rounding: the matrix is singular. */
const leastPivot = 1e-12;

/**
 * L [n, n], lower triangular, of A = L Lᵀ for a symmetric positive matrix, row by row (Cholesky); null
 * where A is singular.
 */
function factorize(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let rest = matrix[row * n + column] ?? 0;
      for (let k = 0; k < column; k += 1) {
        rest -= (lower[row * n + k] ?? 0) * (lower[column * n + k] ?? 0);
      }
      if (row !== column) {
        lower[row * n + column] = rest / (lower[column * n + column] ?? 1);
      } else {
        if (!(rest > leastPivot * (matrix[row * n + row] ?? 0))) return null;
        lower[row * n + row] = Math.sqrt(rest);
      }
    }
  }
  return lower;
}

/** y of L y = b, then x of Lᵀ x = y. */
function substitute(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let row = 0; row < n; row += 1) {
    let rest = x[row] ?? 0;
    for (let k = 0; k < row; k += 1) rest -= (lower[row * n + k] ?? 0) * (x[k] ?? 0);
    x[row] = rest / (lower[row * n + row] ?? 1);
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let rest = x[row] ?? 0;
    for (let k = row + 1; k < n; k += 1) rest -= (lower[k * n + row] ?? 0) * (x[k] ?? 0);
    x[row] = rest / (lower[row * n + row] ?? 1);
  }
  return x;
}

/** The solutions x of A x = b for several b; null where A, symmetric [n, n], is not positive definite. */
export function solvePositive(
  matrix: Float64Array,
  sides: readonly Float64Array[],
): Float64Array[] | null {
  const lower = factorize(matrix, Math.sqrt(matrix.length));
  return lower && sides.map((b) => substitute(lower, b));
}
