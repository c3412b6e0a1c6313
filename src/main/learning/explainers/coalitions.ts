import type { Baseline, Score } from '../../../core/explainers/optionFields.ts';
import { cutSegments, type SegmentKind, type Segments } from '../../../core/maps/segments.ts';
import { luminanceOf } from '../../../core/pixels.ts';
import type { Explainable } from './explainable.ts';
import { baselineValues, scoreImages, type Question } from './method.ts';

/** Which segments are on, 0 or 1 each, of several combinations of them. */
export type Coalitions = readonly Uint8Array[];

/** Cuts an image by its luminance. */
export function segmentImage(
  { imageSize, channels }: Explainable,
  image: Float32Array,
  { segments, count }: { segments: SegmentKind; count: number },
): Segments {
  const at = (i: number): number => image[i] ?? 0;
  const grey =
    channels === 1
      ? image
      : Float32Array.from({ length: imageSize ** 2 }, (_, p) =>
          luminanceOf(at(3 * p), at(3 * p + 1), at(3 * p + 2)),
        );
  return cutSegments(segments, grey, imageSize, count);
}

/** The class's score for the image with only the segments of each combination. */
export function scoreCoalitions(
  network: Explainable,
  { image, targetClass }: Question,
  coalitions: Coalitions,
  { segments, score, baseline }: { segments: Segments; score: Score; baseline: Baseline },
): Float64Array {
  const off = baselineValues(baseline, network);
  return scoreImages(network, { targetClass, score }, coalitions.length, (target, i) => {
    const on = coalitions[i];
    image.forEach((value, place) => {
      const segment = segments.labels[Math.floor(place / network.channels)] ?? 0;
      target[place] = on?.[segment] === 1 ? value : (off[place] ?? 0);
    });
  });
}

/** The normal equations Zᵀ W Z [n, n] and Zᵀ W y [n] of rows z [N, n], in which 0 stands for nothing. */
export function accumulateNormal(
  rows: readonly ArrayLike<number>[],
  weights: ArrayLike<number>,
  values: ArrayLike<number>,
): { matrix: Float64Array; side: Float64Array } {
  const n = rows[0]?.length ?? 0;
  const [matrix, side] = [new Float64Array(n * n), new Float64Array(n)];
  rows.forEach((row, r) => {
    const [weight = 0, value = 0] = [weights[r], values[r]];
    for (let i = 0; i < n; i += 1) {
      const weighted = weight * (row[i] ?? 0);
      if (weighted === 0) continue;
      side[i] = (side[i] ?? 0) + weighted * value;
      for (let j = 0; j < n; j += 1) {
        matrix[i * n + j] = (matrix[i * n + j] ?? 0) + weighted * (row[j] ?? 0);
      }
    }
  });
  return { matrix, side };
}

/** Each pixel with its segment's value. */
export const spreadValues = ({ labels }: Segments, values: ArrayLike<number>): Float32Array =>
  Float32Array.from(labels, (label) => values[label] ?? 0);
