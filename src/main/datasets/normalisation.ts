import type { Channels, ChannelValues } from '../../core/pixels.ts';
import { corruptInput } from './source.ts';

interface Moments {
  mean: number;
  standardDeviation: number;
  /** Whether there is one value only. */
  isFlat: boolean;
}

/** Of every `step`th value from `first` on, scaled to [0,1], from exact integer sums. */
function computeMoments(values: Uint8Array, first: number, step: number): Moments {
  const histogram = new Float64Array(256);
  for (let i = first; i < values.length; i += step) {
    const level = values[i] ?? 0;
    histogram[level] = (histogram[level] ?? 0) + 1;
  }
  const count = values.length / step;
  let sum = 0;
  let sumOfSquares = 0;
  histogram.forEach((times, level) => {
    sum += times * level;
    sumOfSquares += times * level ** 2;
  });
  const meanLevel = sum / count;
  const variance = sumOfSquares / count - meanLevel ** 2;
  const isFlat = histogram.filter((times) => times > 0).length < 2;
  return { mean: meanLevel / 255, standardDeviation: Math.sqrt(variance) / 255, isFlat };
}

/**
 * Mean and population standard deviation of pixels scaled to [0,1]: of colour images, for each channel.
 *
 * @param values [pixels, channels]
 * @param name stands for the source; images or a channel that are all one level are CORRUPT_INPUT
 */
export function computeNormalisation(
  values: Uint8Array,
  channels: Channels,
  name: string,
): { mean: ChannelValues; standardDeviation: ChannelValues } {
  const moments = Array.from({ length: channels }, (_, k) => computeMoments(values, k, channels));
  if (moments.some(({ isFlat }) => isFlat)) {
    throw corruptInput(
      channels === 1
        ? `${name}: all pixels of the training images have the same value.`
        : `${name}: all pixels of the training images have the same red, green or blue.`,
      'Check how the images were written.',
    );
  }
  const valuesOf = (key: 'mean' | 'standardDeviation'): ChannelValues => {
    const [first = 0, ...others] = moments.map((moment) => moment[key]);
    return others.length === 0 ? first : [first, ...others];
  };
  return { mean: valuesOf('mean'), standardDeviation: valuesOf('standardDeviation') };
}
