export type Matrix = readonly (readonly number[])[];

/** Side of the outputs that one tile computes, of the kernel, and of the inputs that it reads. */
export const tileOutput = 4;
export const kernelSize = 3;
export const tileInput = tileOutput + kernelSize - 1;

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const transposed = (matrix: Matrix): Matrix =>
  indices(matrix[0]?.length ?? 0).map((j) => matrix.map((row) => row[j] ?? 0));

/** Coefficients of the product of all (x - root), the lowest power first. */
const polynomial = (roots: readonly number[]): number[] =>
  roots.reduce<number[]>(
    (product, root) =>
      [...product, 0].map((coefficient, i) => (product[i - 1] ?? 0) - root * coefficient),
    [1],
  );

/**
 * Convolution as a product of polynomials known by their values at some points (Toom and Cook; for
 * neural networks Lavin and Gray 2016): the sums y_i = sum_k g_k d_(i+k) of m outputs and r kernel
 * values are output * ((kernel * g) . (input * d)), with one point at infinity and m + r - 2 others.
 */
export function computeWinograd(
  points: readonly number[],
  outputs: number,
): Record<'input' | 'kernel' | 'output', Matrix> {
  const taps = points.length + 2 - outputs;
  const powers = (count: number): Matrix => [
    ...points.map((point) => indices(count).map((power) => point ** power)),
    indices(count).map((power) => (power === count - 1 ? 1 : 0)),
  ];
  const others = (point: number): number[] => points.filter((other) => other !== point);
  const scales = points.map((point) => others(point).reduce((n, other) => n * (point - other), 1));
  return {
    input: [...points.map((point) => [...polynomial(others(point)), 0]), polynomial(points)],
    kernel: powers(taps).map((row, i) => row.map((value) => value / (scales[i] ?? 1))),
    output: transposed(powers(outputs)),
  };
}

/** Small points of both signs keep the coefficients, and so the rounding errors, small. */
export const winograd = computeWinograd([0, 0.75, -0.75, 1.5, -1.5], tileOutput);
