import type { RunConfig } from '../config/runConfig.ts';

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

/**
 * 1 for the pixels inside, 0 for the others.
 *
 * @param image in [0,1]
 */
export const computeMask = ({ mask, maskThreshold }: MaskRule, image: Float32Array): Float32Array =>
  above(image, mask === 'otsu' ? computeOtsuThreshold(image) : maskThreshold);

/** In the words of definitions: which pixels are inside. */
export const describeMask = ({ mask, maskThreshold }: MaskRule): string =>
  mask === 'otsu' ? 'pixels above Otsu’s threshold' : `pixels above ${maskThreshold}`;

/** In the words of definitions: where no measure of a map has a value, and where those of the inside have none. */
export const emptyMap = 'the map is all zero';
export const emptyMapOrImage = `${emptyMap} or the image’s mask is empty`;
