import type { Random } from '../random.ts';
import { orderValues } from './ranks.ts';

/** Parts of an image's pixels that are taken away or put back, more of them where curves are steep. */
export const removedShares = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1] as const;
/** Those of ROAD, of which the ends say nothing. */
export const imputedShares = [0.1, 0.3, 0.5, 0.7, 0.9] as const;

/** What stands where a pixel was taken away. */
export const removalBaselines = ['black', 'mean', 'blur'] as const;
export type RemovalBaseline = (typeof removalBaselines)[number];

/** Of the blur: a tenth of the image's height, in which no stroke is left. */
export const blurShare = 0.1;

/** How many whole pixels a share has. */
export const countPixels = (share: number, pixels: number): number =>
  Math.floor(share * pixels + 1e-9);

/** Pixels from the largest value to the smallest; those of one value in an order drawn at random. */
export function orderPixels(map: Float32Array, random: Random): Uint32Array {
  const drawn = random.shuffle(Uint32Array.from(map, (_, pixel) => pixel));
  const falling = orderValues(Float32Array.from(drawn, (pixel) => -(map[pixel] ?? 0)));
  return falling.map((place) => drawn[place] ?? 0);
}

/** Puts another image's values where the pixels are. */
export function replacePixels(
  target: Float32Array,
  other: Float32Array,
  pixels: Uint32Array,
  channels: number,
): void {
  for (const pixel of pixels) {
    for (let value = pixel * channels; value < (pixel + 1) * channels; value += 1) {
      target[value] = other[value] ?? 0;
    }
  }
}

/** The area under a curve over [0, 1], by trapezoids. */
export const areaUnder = (shares: readonly number[], values: ArrayLike<number>): number =>
  shares.reduce(
    (sum, share, i) =>
      i === 0
        ? 0
        : sum +
          ((share - (shares[i - 1] ?? 0)) * ((values[i] ?? Number.NaN) + (values[i - 1] ?? 0))) / 2,
    0,
  );
