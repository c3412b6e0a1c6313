import type { Random } from '../random.ts';

/** Deviation of the noise that hides that values were imputed, where black is 0 and white is 1. */
export const imputationNoise = 0.01;

/** Shares of a pixel's neighbours in it; those beyond the image have none, and the others more. */
const neighbours = [
  ...[-1, 1].flatMap((step) => [
    { dy: step, dx: 0, weight: 1 / 6 },
    { dy: 0, dx: step, weight: 1 / 6 },
  ]),
  ...[-1, 1].flatMap((dy) => [-1, 1].map((dx) => ({ dy, dx, weight: 1 / 12 }))),
];

/** The largest residual that is left, as a share of what was there at first. */
const tolerance = 1e-4;

/** [size² * 8]: each pixel's neighbours; -1 beyond the image. */
function listNeighbours(size: number): Int32Array {
  const beside = new Int32Array(size ** 2 * neighbours.length);
  for (let pixel = 0; pixel < size ** 2; pixel += 1) {
    const [y, x] = [Math.floor(pixel / size), pixel % size];
    neighbours.forEach(({ dy, dx }, k) => {
      const isInside = y + dy >= 0 && x + dx >= 0 && y + dy < size && x + dx < size;
      beside[pixel * neighbours.length + k] = isInside ? (y + dy) * size + x + dx : -1;
    });
  }
  return beside;
}

const neighboursOf = new Map<number, Int32Array>();
/** Kept for each size: audits of thousands of images have one. */
function getNeighbours(size: number): Int32Array {
  const beside = neighboursOf.get(size) ?? listNeighbours(size);
  neighboursOf.set(size, beside);
  return beside;
}

/** The system of n pixels removed: each is the weighted mean of its neighbours. */
interface System {
  /** [n * 8]: each neighbour's place among the removed, or n. */
  places: Int32Array;
  /** [n * 8]: each neighbour that stays, its pixel; or -1. */
  kept: Int32Array;
  /** [n], the sum of the weights inside the image. */
  diagonal: Float64Array;
}

const weights = Float64Array.from(neighbours, ({ weight }) => weight);

function buildSystem(removed: Uint32Array, size: number): System {
  const [n, count, beside] = [removed.length, neighbours.length, getNeighbours(size)];
  const placeOf = new Int32Array(size ** 2).fill(n);
  removed.forEach((pixel, i) => (placeOf[pixel] = i));
  const [places, kept] = [new Int32Array(n * count).fill(n), new Int32Array(n * count).fill(-1)];
  const diagonal = new Float64Array(n);
  for (let row = 0; row < n; row += 1) {
    let sum = 0;
    for (let k = 0; k < count; k += 1) {
      const pixel = beside[(removed[row] ?? 0) * count + k] ?? -1;
      if (pixel < 0) continue;
      sum += weights[k] ?? 0;
      const place = placeOf[pixel] ?? n;
      places[row * count + k] = place;
      if (place === n) kept[row * count + k] = pixel;
    }
    diagonal[row] = sum;
  }
  return { places, kept, diagonal };
}

/** What neighbours that stay add to each removed pixel, [n]. */
function sumKept({ kept }: System, valueOf: (pixel: number) => number): Float64Array {
  const count = neighbours.length;
  return Float64Array.from({ length: kept.length / count }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < count; k += 1) {
      const pixel = kept[row * count + k] ?? -1;
      if (pixel >= 0) sum += (weights[k] ?? 0) * valueOf(pixel);
    }
    return sum;
  });
}

/** target = A x, where A is the system's matrix, symmetric and positive; x has a zero behind its n values. */
function multiply({ places, diagonal }: System, x: Float64Array, target: Float64Array) {
  const count = neighbours.length;
  let next = 0;
  for (let row = 0; row < target.length; row += 1) {
    let sum = (diagonal[row] ?? 0) * (x[row] ?? 0);
    for (let k = 0; k < count; k += 1, next += 1) {
      sum -= (weights[k] ?? 0) * (x[places[next] ?? 0] ?? 0);
    }
    target[row] = sum;
  }
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** x of A x = b by conjugate gradients; A is positive, since a pixel that stays bounds it. */
function solve(system: System, b: Float64Array): Float64Array {
  const [x, residual, image] = [new Float64Array(b.length), b.slice(), new Float64Array(b.length)];
  const direction = new Float64Array(b.length + 1);
  direction.set(b);
  let square = dot(residual, residual);
  const enough = square * tolerance ** 2;
  for (let step = 0; step < b.length && square > enough; step += 1) {
    multiply(system, direction, image);
    const length = square / dot(image, direction);
    for (let i = 0; i < x.length; i += 1) {
      x[i] = (x[i] ?? 0) + length * (direction[i] ?? 0);
      residual[i] = (residual[i] ?? 0) - length * (image[i] ?? 0);
    }
    const next = dot(residual, residual);
    const share = next / square;
    for (let i = 0; i < x.length; i += 1) {
      direction[i] = (residual[i] ?? 0) + share * (direction[i] ?? 0);
    }
    square = next;
  }
  return x;
}

/**
 * Noisy linear imputation (Rong et al., ROAD, 2022): pixels removed become the weighted mean of their
 * neighbours, 1/6 the four beside and 1/12 the four across, all at once, and a little noise.
 *
 * @param target [size, size, channels], in which they are replaced; at least one pixel stays
 * @param removed their pixels
 */
export function imputePixels(
  target: Float32Array,
  removed: Uint32Array,
  { imageSize, channels }: { imageSize: number; channels: number },
  { random, noise }: { random: Random; noise: number },
): void {
  const system = buildSystem(removed, imageSize);
  for (let channel = 0; channel < channels; channel += 1) {
    const b = sumKept(system, (pixel) => target[pixel * channels + channel] ?? 0);
    solve(system, b).forEach((value, i) => {
      target[(removed[i] ?? 0) * channels + channel] = value + random.normal(noise);
    });
  }
}
