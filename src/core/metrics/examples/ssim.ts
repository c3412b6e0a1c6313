import { emptyMap } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

/** Gaussian window of SSIM: 11 x 11, sigma 1.5 (3.5 sigma to either side, rounded). */
const windowRadius = 5;
const windowSigma = 1.5;
/** Height and width of the least image that has an SSIM, pixels. */
export const windowSize = 2 * windowRadius + 1;
/** (K1 L)^2 and (K2 L)^2 with K1 = 0.01, K2 = 0.03 and the data range L = 1. */
export const c1 = 0.01 ** 2;
export const c2 = 0.03 ** 2;

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

/** Weights of the pixels around a position along one axis [11]; their sum is 1. */
export function gaussianWindow(): Float64Array {
  const weights = Float64Array.from({ length: windowSize }, (_, i) =>
    Math.exp(-((i - windowRadius) ** 2) / (2 * windowSigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** A plane of local sums: `source` is as wide as `width`, `target` as `inner`; taps are `step` apart. */
interface Pass {
  width: number;
  inner: number;
  step: number;
}

/** Windowed sums along one axis; the window is symmetric. */
function filter(
  source: Float64Array,
  target: Float64Array,
  window: Float64Array,
  { width, inner, step }: Pass,
): void {
  for (let i = 0; i < target.length; i += 1) {
    const first = Math.floor(i / inner) * width + (i % inner);
    const last = first + (windowSize - 1) * step;
    let total = at(window, windowRadius) * at(source, first + windowRadius * step);
    for (let k = 0; k < windowRadius; k += 1) {
      total += at(window, k) * (at(source, first + k * step) + at(source, last - k * step));
    }
    target[i] = total;
  }
}

/** Gaussian-weighted means around every pixel whose window lies inside: [size, size] -> inner^2. */
function createLocalMean(size: number, inner: number): (plane: Float64Array) => Float64Array {
  const window = gaussianWindow();
  const rows = new Float64Array(size * inner);
  return (plane) => {
    const means = new Float64Array(inner ** 2);
    filter(plane, rows, window, { width: size, inner, step: 1 });
    filter(rows, means, window, { width: inner, inner, step: inner });
    return means;
  };
}

/**
 * Structural similarity of two images [size, size] with values in [0,1], in [-1,1]:
 *
 *   mean over p of (2 mx my + C1)(2 sxy + C2) / ((mx^2 + my^2 + C1)(sx^2 + sy^2 + C2))
 *
 * with Gaussian-weighted means, variances and covariance (weights sum to 1, no n / (n - 1)) around
 * each p whose window lies inside the image (Wang, Bovik, Sheikh and Simoncelli, 2004, and what
 * scikit-image computes with gaussian_weights and without use_sample_covariance). NaN for images
 * smaller than the window, 11 x 11.
 */
function createSsim(size: number): (x: Float32Array, y: Float32Array) => number {
  const inner = size - windowSize + 1;
  if (inner < 1) return () => Number.NaN;
  const localMean = createLocalMean(size, inner);
  const plane = new Float64Array(size ** 2);
  const meanOf = (valueAt: (p: number) => number): Float64Array => {
    for (let p = 0; p < plane.length; p += 1) plane[p] = valueAt(p);
    return localMean(plane);
  };
  return (x, y) => {
    const mx = meanOf((p) => at(x, p));
    const my = meanOf((p) => at(y, p));
    const squares = meanOf((p) => at(x, p) ** 2 + at(y, p) ** 2);
    const products = meanOf((p) => at(x, p) * at(y, p));
    let total = 0;
    for (let i = 0; i < mx.length; i += 1) {
      const product = at(mx, i) * at(my, i);
      const power = at(mx, i) ** 2 + at(my, i) ** 2;
      total +=
        ((2 * product + c1) * (2 * (at(products, i) - product) + c2)) /
        ((power + c1) * (at(squares, i) - power + c2));
    }
    return total / mx.length;
  };
}

export const ssim = {
  of: 'map',
  title: 'SSIM',
  heading: 'SSIM',
  symbol: 'SSIM(cam, x)',
  definition:
    'structural similarity of map and image, Gaussian window of 11 × 11 pixels with deviation 1.5, K 0.01 and 0.03, range 1',
  unit: '',
  kind: 'index',
  better: 'higher',
  decimals: 3,
  range: [-1, 1],
  compared: true,
  undefinedWhere: `${emptyMap} or the image smaller than the window`,
  recorded: false,
  createMeasure: createSsim,
} as const satisfies MapMetric;
