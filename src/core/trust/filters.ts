/** Position of a neighbour beyond an edge: mirrored, the edge's pixel twice (d c b a | a b c d). */
export function mirror(position: number, size: number): number {
  const period = 2 * size;
  const inside = ((position % period) + period) % period;
  return inside < size ? inside : period - 1 - inside;
}

/** Sums of one plane's pixels along an axis, weighted by a symmetric or antisymmetric kernel. */
function filterAxis(
  plane: Float64Array,
  size: number,
  taps: ArrayLike<number>,
  axis: 'x' | 'y',
): Float64Array {
  const radius = (taps.length - 1) / 2;
  return Float64Array.from(plane, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / size), pixel % size];
    let sum = 0;
    for (let k = 0; k < taps.length; k += 1) {
      const offset = k - radius;
      const place =
        axis === 'x' ? y * size + mirror(x + offset, size) : mirror(y + offset, size) * size + x;
      sum += (taps[k] ?? 0) * (plane[place] ?? 0);
    }
    return sum;
  });
}

const smooth = [1 / 4, 1 / 2, 1 / 4];
const slope = [-1, 0, 1];

/**
 * How steep a plane [size, size] is at each pixel: the root of the mean of both squared slopes of Sobel's
 * filter, as scikit-image has it.
 */
export function detectEdges(values: Float32Array, size: number): Float32Array {
  const plane = Float64Array.from(values);
  const across = filterAxis(filterAxis(plane, size, slope, 'x'), size, smooth, 'y');
  const down = filterAxis(filterAxis(plane, size, slope, 'y'), size, smooth, 'x');
  return Float32Array.from(across, (x, i) => Math.sqrt((x ** 2 + (down[i] ?? 0) ** 2) / 2));
}

/** Weights of a Gaussian, cut at three deviations; their sum is 1. */
function gaussianTaps(deviation: number): Float64Array {
  const radius = Math.floor(3 * deviation + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** An image [size, size, channels] under a Gaussian blur of so many pixels, each channel alone. */
export function blurImage(
  image: Float32Array,
  { imageSize, channels, deviation }: { imageSize: number; channels: number; deviation: number },
): Float32Array {
  const taps = gaussianTaps(deviation);
  const blurred = new Float32Array(image.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const plane = Float64Array.from(
      { length: imageSize ** 2 },
      (_, pixel) => image[pixel * channels + channel] ?? 0,
    );
    const rows = filterAxis(plane, imageSize, taps, 'x');
    filterAxis(rows, imageSize, taps, 'y').forEach((value, pixel) => {
      blurred[pixel * channels + channel] = value;
    });
  }
  return blurred;
}
