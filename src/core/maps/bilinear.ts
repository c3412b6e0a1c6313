/** The two inputs that an output position lies between, and the share of the second. */
interface Taps {
  first: number;
  second: number;
  share: number;
}

function tapsOf(position: number, outputSize: number, inputSize: number): Taps {
  const centre = ((position + 0.5) * inputSize) / outputSize - 0.5;
  const first = Math.floor(centre);
  const clamp = (index: number): number => Math.min(Math.max(index, 0), inputSize - 1);
  return { first: clamp(first), second: clamp(first + 1), share: centre - first };
}

/** A square map at another size, bilinearly: half-pixel centres, edge values repeated. */
export function resizeBilinear(
  map: Float32Array,
  inputSize: number,
  outputSize: number,
): Float32Array {
  const taps = Array.from({ length: outputSize }, (_, i) => tapsOf(i, outputSize, inputSize));
  const at = (row: number, { first, second, share }: Taps): number => {
    const [a = 0, b = 0] = [map[row * inputSize + first], map[row * inputSize + second]];
    return a + (b - a) * share;
  };
  const resized = new Float32Array(outputSize ** 2);
  taps.forEach((y, row) => {
    taps.forEach((x, column) => {
      const [upper, lower] = [at(y.first, x), at(y.second, x)];
      resized[row * outputSize + column] = upper + (lower - upper) * y.share;
    });
  });
  return resized;
}
