import { createCamReconstructor, dequantizeCamMap } from '../maps/cam.ts';

/**
 * Measures of how well a map agrees with its image, computed from the stored map at any time. By the
 * rule of all measures of maps, none is defined for an all-zero map: it explains nothing, and so
 * neither agrees nor disagrees.
 */
export const mapMetricNames = ['ssim', 'absoluteDistance', 'squaredDistance', 'pointing'] as const;
export type MapMetricName = (typeof mapMetricNames)[number];

/** One map's measures; NaN where undefined. */
export type MapMetricValues = Record<MapMetricName, number>;
/** Those of N maps, [N] each. */
export type MapMetricColumns = Record<MapMetricName, Float32Array>;

/** Pixels above it are the image's foreground, as for `energyInside` and `iou`. */
const foregroundThreshold = 0.5;

/** Gaussian window of SSIM: 11 x 11, sigma 1.5 (3.5 sigma to either side, rounded). */
const windowRadius = 5;
const windowSigma = 1.5;
const windowSize = 2 * windowRadius + 1;
/** (K1 L)^2 and (K2 L)^2 with K1 = 0.01, K2 = 0.03 and the data range L = 1. */
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

function gaussianWindow(): Float64Array {
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
export function createSsim(size: number): (x: Float32Array, y: Float32Array) => number {
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

/**
 * Pointing game (Zhang, Lin, Brandt, Shen and Sclaroff, 2016), without a tolerance: 1 where the map's
 * maximum lies on the image's foreground (x > 0.5), 0 where it does not. Where several positions share
 * the maximum, the share of them on the foreground: what one of them drawn at random would score on
 * average. NaN for an all-zero map, which points nowhere, and for an image without a foreground, which
 * no map can hit.
 */
export function computePointing(cam: Float32Array, image: Float32Array): number {
  let [largest, hits, ties, area] = [0, 0, 0, 0];
  for (let p = 0; p < cam.length; p += 1) {
    const value = at(cam, p);
    const inside = at(image, p) > foregroundThreshold ? 1 : 0;
    area += inside;
    if (value < largest) continue;
    if (value > largest) [largest, hits, ties] = [value, 0, 0];
    hits += inside;
    ties += 1;
  }
  return largest > 0 && area > 0 ? hits / ties : Number.NaN;
}

/** Mean over pixels of |cam - x| and of (cam - x)^2, both in [0,1]. */
export function computeDistances(
  cam: Float32Array,
  image: Float32Array,
): Pick<MapMetricValues, 'absoluteDistance' | 'squaredDistance'> {
  let [absolute, squared] = [0, 0];
  for (let p = 0; p < cam.length; p += 1) {
    const difference = at(cam, p) - at(image, p);
    absolute += Math.abs(difference);
    squared += difference * difference;
  }
  return { absoluteDistance: absolute / cam.length, squaredDistance: squared / cam.length };
}

/** N stored maps, each beside its image. */
export interface StoredMaps {
  mapSize: number;
  imageSize: number;
  /** [N, mapSize, mapSize] 8-bit levels, and the scale of each map. */
  levels: Uint8Array;
  scales: Float32Array;
  /** [N, imageSize, imageSize] grey levels 0 to 255. */
  images: Uint8Array;
}

/**
 * The measures of N stored maps at their images' size, from the 8-bit maps; NaN for an all-zero one.
 * Yields how many are done, after each one, so that a caller can do other things in between.
 */
export function* computeMapMetrics(maps: StoredMaps): Generator<number, MapMetricColumns, void> {
  const { mapSize, imageSize, levels, scales, images } = maps;
  const [cells, pixels] = [mapSize ** 2, imageSize ** 2];
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const ssim = createSsim(imageSize);
  const cam = new Float32Array(pixels);
  const image = new Float32Array(pixels);
  const column = (): Float32Array => new Float32Array(scales.length).fill(Number.NaN);
  const [ssims, absolute, squared, pointing] = [column(), column(), column(), column()];
  for (const [i, scale] of scales.entries()) {
    if (scale > 0) {
      reconstruct(dequantizeCamMap(levels.subarray(i * cells, (i + 1) * cells), scale), cam);
      for (let p = 0; p < pixels; p += 1) image[p] = at(images, i * pixels + p) / 255;
      const distances = computeDistances(cam, image);
      ssims[i] = ssim(cam, image);
      absolute[i] = distances.absoluteDistance;
      squared[i] = distances.squaredDistance;
      pointing[i] = computePointing(cam, image);
    }
    yield i + 1;
  }
  return { ssim: ssims, absoluteDistance: absolute, squaredDistance: squared, pointing };
}
