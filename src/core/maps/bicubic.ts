const a = -0.75;

/** The cubic convolution kernel of Keys (1981) at distance `x`, with a = -0.75. */
function cubicKernel(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return 0;
}

/**
 * The matrix R [outputSize, inputSize], row-major, that resizes one axis bicubically: half-pixel
 * centres, edge values repeated, no antialiasing. A map M becomes R M R^T. Rows sum to 1.
 */
export function bicubicMatrix(outputSize: number, inputSize: number): Float32Array {
  const matrix = new Float64Array(outputSize * inputSize);
  for (let row = 0; row < outputSize; row += 1) {
    const centre = ((row + 0.5) * inputSize) / outputSize - 0.5;
    const first = Math.floor(centre) - 1;
    for (let tap = first; tap < first + 4; tap += 1) {
      const column = Math.min(Math.max(tap, 0), inputSize - 1);
      const index = row * inputSize + column;
      matrix[index] = (matrix[index] ?? 0) + cubicKernel(centre - tap);
    }
  }
  return Float32Array.from(matrix);
}
