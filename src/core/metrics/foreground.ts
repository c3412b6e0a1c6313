import type { RunConfig } from '../config/runConfig.ts';
import { AfterimageError } from '../errors.ts';

/** What of an image counts as inside, for terms of the objective as for metrics. */
export type MaskRule = Pick<RunConfig['cam'], 'mask' | 'maskThreshold'>;

/** Pixels of an image, or of a map, above it are foreground unless a run says otherwise. */
export const foregroundThreshold = 0.5;
export const defaultMask: MaskRule = { mask: 'threshold', maskThreshold: foregroundThreshold };

export const isForeground = (values: Float32Array, pixel: number): boolean =>
  (values[pixel] ?? 0) > foregroundThreshold;

/** Grey levels of an image, 0 to 255. */
const levels = 256;

/**
 * The level that parts an image in two classes whose means lie farthest apart, weighed by their sizes
 * (Otsu 1979); pixels above it are inside. Of several the first, as scikit-image has it; of an image of
 * one level that one, so that nothing is inside.
 *
 * @param image in [0,1], multiples of 1/255
 * @returns in [0,1], between two levels
 */
export function computeOtsuThreshold(image: Float32Array): number {
  const counts = new Float64Array(levels);
  for (const value of image) {
    const level = Math.round(value * (levels - 1));
    counts[level] = (counts[level] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count, level) => sum + count * level, 0);
  let [below, sumBelow, best, widest] = [0, 0, counts.findLastIndex((count) => count > 0), 0];
  counts.forEach((count, level) => {
    below += count;
    sumBelow += count * level;
    const above = image.length - below;
    if (below === 0 || above === 0) return;
    const gap = sumBelow / below - (total - sumBelow) / above;
    const spread = below * above * gap ** 2;
    if (spread > widest) [best, widest] = [level, spread];
  });
  return (best + 0.5) / (levels - 1);
}

const above = (image: Float32Array, threshold: number): Float32Array =>
  image.map((value) => (value > threshold ? 1 : 0));

/** INVALID_ARGUMENT, of a rule that takes masks from a data set without any. */
export const refuseMaskless = (set: string): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `cam.mask is dataset, but ${set} has no masks.`,
    'Set cam.mask to threshold or otsu, or import the set again with its masks.',
  );

/**
 * 1 for the pixels inside, 0 for the others.
 *
 * @param image in [0,1]
 * @param own the mask that the data set has for the image, of the same length, 1 inside; INVALID_ARGUMENT
 * where the rule asks for it and there is none
 */
export function computeMask(
  { mask, maskThreshold }: MaskRule,
  image: Float32Array,
  own: Uint8Array | null = null,
): Float32Array {
  if (mask !== 'dataset') {
    return above(image, mask === 'otsu' ? computeOtsuThreshold(image) : maskThreshold);
  }
  if (own === null) throw refuseMaskless('the data set');
  return Float32Array.from(own);
}

/** In the words of definitions: which pixels are inside. */
export function describeMask({ mask, maskThreshold }: MaskRule): string {
  if (mask === 'dataset') return 'pixels inside the data set’s mask';
  return mask === 'otsu' ? 'pixels above Otsu’s threshold' : `pixels above ${maskThreshold}`;
}

/** In the words of definitions: where no measure of a map has a value, and where those of the inside have none. */
export const emptyMap = 'the map is all zero';
export const emptyMapOrImage = `${emptyMap} or the image’s mask is empty`;
