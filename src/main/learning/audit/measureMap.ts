import { mapMetrics } from '../../../core/metrics/exampleMetrics.ts';
import { correlate } from '../../../core/metrics/correlation.ts';
import type { PixelFormat } from '../../../core/pixels.ts';
import { Random } from '../../../core/random.ts';
import { computeEntropy, computeGini } from '../../../core/trust/complexity.ts';
import {
  testFaithfulness,
  type Faithfulness,
  type Removals,
} from '../../../core/trust/faithfulness.ts';
import { localise } from '../../../core/trust/localisation.ts';
import { removalBaselines, type RemovalBaseline } from '../../../core/trust/removal.ts';
import type { AuditedImage, Plane } from './auditedImages.ts';

/** The class's probability where nothing, or everything, was taken away. */
export type Ends = Pick<Removals, 'imageScore' | 'baselineScores'>;

/** Similarities of planes of one size. */
export function createSimilarities(imageSize: number) {
  const ssim = mapMetrics.ssim.createMeasure(imageSize);
  const nothing = new Float32Array(0);
  const isEmpty = ({ values }: Plane): boolean => !values.some((value) => value > 0);
  return {
    rank: (a: Plane, b: Plane): number => correlate(a.ranks, b.ranks),
    ssim: (a: Plane, b: Plane): number =>
      isEmpty(a) || isEmpty(b) ? Number.NaN : ssim(a.values, b.values, nothing),
  };
}
export type Similarities = ReturnType<typeof createSimilarities>;

const capital = (name: RemovalBaseline): string => name.charAt(0).toUpperCase() + name.slice(1);

function nameFaithfulness({
  curves,
  deletion,
  insertion,
  road,
  drop,
  increase,
}: Faithfulness): Record<string, number | Float32Array> {
  const named = removalBaselines.flatMap((name) => [
    [`deletion${capital(name)}`, deletion[name]] as const,
    [`insertion${capital(name)}`, insertion[name]] as const,
    [`deletion/${name}`, curves.deletion[name]] as const,
    [`insertion/${name}`, curves.insertion[name]] as const,
  ]);
  return {
    ...(Object.fromEntries(named) as Record<string, number | Float32Array>),
    ...{ road, drop, increase, 'road/most': curves.roadMost, 'road/least': curves.roadLeast },
  };
}

/** All that one map says of itself, beside its image and to its network; by the columns' names. */
export function measureMap(
  map: Float32Array,
  plane: Plane,
  of: AuditedImage,
  asked: { similar: Similarities; format: PixelFormat; ends: Ends; score: Removals['score'] },
): Record<string, number | ArrayLike<number>> {
  const { similar, format, ends, score } = asked;
  const { image, baselines, luminance, mask, like, seed } = of;
  const random = Random.fromSeed(seed);
  const removals = { ...format, image, baselines, ...ends, score, random };
  return {
    ...nameFaithfulness(testFaithfulness(removals, map)),
    ...localise(map, luminance, mask),
    entropy: computeEntropy(map),
    gini: computeGini(map),
    inputSimilarity: similar.rank(plane, like.image),
    inputSsim: similar.ssim(plane, like.image),
    edgeSimilarity: similar.rank(plane, like.edges),
    edgeSsim: similar.ssim(plane, like.edges),
  };
}
