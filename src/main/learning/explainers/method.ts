import type { Likeness } from '../../../core/explainers/explanation.ts';
import type { ExplainerName, ExplainerOptions } from '../../../core/explainers/registry.ts';
import { softmax } from '../../../core/softmax.ts';
import type { Baseline, Score } from '../../../core/explainers/optionFields.ts';
import { reconstructCam } from '../../../core/maps/cam.ts';
import { valuesPerImage } from '../../../core/pixels.ts';
import type { Random } from '../../../core/random.ts';
import type { Explainable } from './explainable.ts';

/** What is to be explained. */
export interface Question {
  /** [S, S] or [S, S, 3] in [0, 1]. */
  image: Float32Array;
  targetClass: number;
  random: Random;
  /** Images to compare with, one after the other. */
  background: Float32Array;
  /** Told by a method what its map is the likeness to. */
  tell?: (likeness: Likeness) => void;
}

/** The map of one image, [S, S]: a pure function of its arguments and of the network's weights. */
export type Method<Name extends ExplainerName> = (
  network: Explainable,
  question: Question,
  options: ExplainerOptions<Name>,
) => Float32Array;

/** Most images that are made together, and that the network sees at once. */
export const imagesAtOnce = 48;

/** Makes images in pieces of n: the i-th is filled by `fill`. */
export function* makeImages(
  network: Explainable,
  count: number,
  fill: (image: Float32Array, index: number) => void,
): Generator<{ images: Float32Array; from: number }> {
  const values = valuesPerImage(network);
  for (let from = 0; from < count; from += imagesAtOnce) {
    const length = Math.min(imagesAtOnce, count - from);
    const images = new Float32Array(length * values);
    for (let i = 0; i < length; i += 1) {
      fill(images.subarray(i * values, (i + 1) * values), from + i);
    }
    yield { images, from };
  }
}

/** Images of which the gradients are averaged, and what each value's counts; its own if not given. */
export interface GradientSamples {
  fill: (image: Float32Array, index: number) => void;
  weigh?: (slope: number, index: number, value: number) => number;
}

/** The mean over `count` images of a class's gradient, summed over the channels, [S, S]. */
export function averageGradients(
  network: Explainable,
  targetClass: number,
  count: number,
  { fill, weigh = (slope) => slope }: GradientSamples,
): Float32Array {
  const { imageSize, channels } = network;
  const values = valuesPerImage(network);
  const sums = new Float64Array(imageSize ** 2);
  for (const { images, from } of makeImages(network, count, fill)) {
    network.gradients(images, targetClass).forEach((slope, i) => {
      const value = i % values;
      const pixel = Math.floor(value / channels);
      sums[pixel] = (sums[pixel] ?? 0) + weigh(slope, from + Math.floor(i / values), value);
    });
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/** The value that stands at each place of an image where a pixel is not to count. */
export const baselineValues = (
  baseline: Baseline,
  { mean, ...format }: Explainable,
): Float32Array =>
  Float32Array.from(
    { length: valuesPerImage(format) },
    (_, value) => ({ black: 0, white: 1, mean: mean[value % format.channels] ?? 0 })[baseline],
  );

/** Values of an image's shape added up over the channels of each pixel, [S, S]. */
export function sumChannels(values: Float32Array, { channels }: Explainable): Float32Array {
  if (channels === 1) return values;
  const sums = new Float32Array(values.length / channels);
  values.forEach((value, i) => {
    const pixel = Math.floor(i / channels);
    sums[pixel] = (sums[pixel] ?? 0) + value;
  });
  return sums;
}

/** A native map at the image's size, in [0, 1], as every map of a layer is shown. */
export const enlargeMap = (map: Float32Array, { layer, imageSize }: Explainable): Float32Array =>
  reconstructCam(map, layer.height, imageSize);

/** What a class's score is for each of so many images, which `fill` makes one by one. */
export function scoreImages(
  network: Explainable,
  { targetClass, score }: { targetClass: number; score: Score },
  count: number,
  fill: (image: Float32Array, index: number) => void,
): Float64Array {
  const { classes } = network;
  const scores = new Float64Array(count);
  for (const { images, from } of makeImages(network, count, fill)) {
    const logits = network.logits(images);
    for (let i = 0; i * classes < logits.length; i += 1) {
      const own = logits.subarray(i * classes, (i + 1) * classes);
      scores[from + i] = (score === 'logit' ? own : softmax(own))[targetClass] ?? 0;
    }
  }
  return scores;
}
