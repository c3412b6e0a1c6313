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

/** The system of the pixels removed: each is the weighted mean of its neighbours. */
interface System {
  /** [n * 8]: each neighbour's place among the removed, or -1. */
  places: Int32Array;
  /** [n], the sum of the weights inside the image. */
  diagonal: Float64Array;
  /** Neighbours that stay, of the removed pixel at `row`. */
  known: { row: number; pixel: number; weight: number }[];
}

function buildSystem(removed: Uint32Array, size: number): System {
  const placeOf = new Int32Array(size ** 2).fill(-1);
  removed.forEach((pixel, i) => (placeOf[pixel] = i));
  const places = new Int32Array(removed.length * neighbours.length).fill(-1);
  const diagonal = new Float64Array(removed.length);
  const known: System['known'] = [];
  for (let row = 0; row < removed.length; row += 1) {
    const [y, x] = [Math.floor((removed[row] ?? 0) / size), (removed[row] ?? 0) % size];
    for (const [k, { dy, dx, weight }] of neighbours.entries()) {
      if (y + dy < 0 || x + dx < 0 || y + dy >= size || x + dx >= size) continue;
      const pixel = (y + dy) * size + x + dx;
      const place = placeOf[pixel] ?? -1;
      diagonal[row] = (diagonal[row] ?? 0) + weight;
      places[row * neighbours.length + k] = place;
      if (place < 0) known.push({ row, pixel, weight });
    }
  }
  return { places, diagonal, known };
}

const weights = Float64Array.from(neighbours, ({ weight }) => weight);

/** target = A x, where A is the system's matrix, symmetric and positive. */
function multiply({ places, diagonal }: System, x: Float64Array, target: Float64Array) {
  const count = neighbours.length;
  for (let row = 0; row < x.length; row += 1) {
    let sum = (diagonal[row] ?? 0) * (x[row] ?? 0);
    for (let k = 0; k < count; k += 1) {
      const place = places[row * count + k] ?? -1;
      if (place >= 0) sum -= (weights[k] ?? 0) * (x[place] ?? 0);
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
  const x = new Float64Array(b.length);
  const [residual, direction, image] = [b.slice(), b.slice(), new Float64Array(b.length)];
  let square = dot(residual, residual);
  const enough = square * tolerance ** 2;
  for (let step = 0; step < b.length && square > enough; step += 1) {
    multiply(system, direction, image);
    const length = square / dot(direction, image);
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
    const b = new Float64Array(removed.length);
    for (const { row, pixel, weight } of system.known) {
      b[row] = (b[row] ?? 0) + weight * (target[pixel * channels + channel] ?? 0);
    }
    solve(system, b).forEach((value, i) => {
      target[(removed[i] ?? 0) * channels + channel] = value + random.normal(noise);
    });
  }
}
