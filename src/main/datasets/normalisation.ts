import { corruptInput } from './source.ts';

/**
 * Mean and population standard deviation of pixels scaled to [0,1], from exact integer sums.
 * `name` stands for the source; images that are all one grey are CORRUPT_INPUT.
 */
export function computeNormalisation(
  pixels: Uint8Array,
  name: string,
): { mean: number; standardDeviation: number } {
  const histogram = new Float64Array(256);
  for (const level of pixels) histogram[level] = (histogram[level] ?? 0) + 1;
  let sum = 0;
  let sumOfSquares = 0;
  histogram.forEach((count, level) => {
    sum += count * level;
    sumOfSquares += count * level ** 2;
  });
  const meanLevel = sum / pixels.length;
  const variance = sumOfSquares / pixels.length - meanLevel ** 2;
  if (histogram.filter((count) => count > 0).length < 2) {
    throw corruptInput(
      `${name}: all pixels of the training images have the same value.`,
      'Check how the images were written.',
    );
  }
  return { mean: meanLevel / 255, standardDeviation: Math.sqrt(variance) / 255 };
}
