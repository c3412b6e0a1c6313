import type { ExplainerName, ExplainerOptions } from '../../../core/explainers/registry.ts';
import { softmax } from '../../../core/softmax.ts';
import type { Baseline, Score } from '../../../core/explainers/optionFields.ts';
import { reconstructCam } from '../../../core/maps/cam.ts';
import type { Random } from '../../../core/random.ts';
import type { Explainable } from './explainable.ts';

/** What is to be explained. */
export interface Question {
  /** [S, S] in [0, 1]. */
  image: Float32Array;
  targetClass: number;
  random: Random;
  /** [N, S, S], images to compare with. */
  background: Float32Array;
}

/** The map of one image, [S, S]: a pure function of its arguments and of the network's weights. */
export type Method<Name extends ExplainerName> = (
  network: Explainable,
  question: Question,
  options: ExplainerOptions<Name>,
) => Float32Array;

/** Images made and looked at together: as many as the network takes at once. */
const chunkSize = 32;

/** Makes images in pieces [n, S, S]: the i-th is filled by `fill`. */
export function* makeImages(
  { imageSize }: Explainable,
  count: number,
  fill: (image: Float32Array, index: number) => void,
): Generator<{ images: Float32Array; from: number }> {
  const pixels = imageSize ** 2;
  for (let from = 0; from < count; from += chunkSize) {
    const length = Math.min(chunkSize, count - from);
    const images = new Float32Array(length * pixels);
    for (let i = 0; i < length; i += 1) {
      fill(images.subarray(i * pixels, (i + 1) * pixels), from + i);
    }
    yield { images, from };
  }
}

/** Images of which the gradients are averaged, and by what each pixel's counts; by nothing if not given. */
export interface GradientSamples {
  fill: (image: Float32Array, index: number) => void;
  weigh?: (slope: number, index: number, pixel: number) => number;
}

/** The mean over `count` images of a class's gradient, [S, S]. */
export function averageGradients(
  network: Explainable,
  targetClass: number,
  count: number,
  { fill, weigh = (slope) => slope }: GradientSamples,
): Float32Array {
  const pixels = network.imageSize ** 2;
  const sums = new Float64Array(pixels);
  for (const { images, from } of makeImages(network, count, fill)) {
    network.gradients(images, targetClass).forEach((slope, i) => {
      const pixel = i % pixels;
      const index = from + Math.floor(i / pixels);
      sums[pixel] = (sums[pixel] ?? 0) + weigh(slope, index, pixel);
    });
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/** The value that stands where a pixel is not to count. */
export const baselineValue = (baseline: Baseline, { mean }: Explainable): number =>
  ({ black: 0, white: 1, mean })[baseline];

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
