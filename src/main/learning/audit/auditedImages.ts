import type { AuditRequest } from '../../../core/trust/audit.ts';
import { referenceNames, type ReferenceName } from '../../../core/trust/audit.ts';
import { fillImage } from '../../../core/trust/faithfulness.ts';
import { blurImage, detectEdges } from '../../../core/trust/filters.ts';
import { rankValues, toStrengths } from '../../../core/trust/ranks.ts';
import { blurShare, type RemovalBaseline } from '../../../core/trust/removal.ts';
import { computeMask } from '../../../core/metrics/foreground.ts';
import { computeLuminance, imageAt, scaleLevels } from '../../../core/pixels.ts';
import { Random } from '../../../core/random.ts';

/** A plane with what similarities take of it: its values in [0, 1], and their ranks. */
export interface Plane {
  values: Float32Array;
  ranks: Float32Array;
}

export const toPlane = (map: Float32Array): Plane => {
  const values = toStrengths(map);
  return { values, ranks: rankValues(values) };
};

/** A test image with all that its maps are measured against, whatever the network. */
export interface AuditedImage {
  image: Float32Array;
  seed: number;
  baselines: Record<RemovalBaseline, Float32Array>;
  luminance: Float32Array;
  mask: Float32Array;
  /** Of the luminance and of the edges. */
  like: { image: Plane; edges: Plane };
  references: Record<ReferenceName, Float32Array>;
}

/** Of an image alone, so that images can be audited in any order and in many threads. */
const seedOf = (seed: number, exampleId: number): number =>
  (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(exampleId + 1, 0x85ebca6b)) >>> 0;

function prepareImage(request: AuditRequest, index: number): AuditedImage {
  const { imageSize, channels, mean, rule, exampleIds, seed } = request;
  const levels = imageAt(request.images, index, request);
  const image = scaleLevels(levels);
  const luminance = computeLuminance(levels, channels);
  const edges = detectEdges(luminance, imageSize);
  const own = seedOf(seed, exampleIds[index] ?? 0);
  const random = Random.fromSeed(own);
  const baselines = {
    black: fillImage(request, Array<number>(channels).fill(0)),
    mean: fillImage(request, [mean].flat()),
    blur: blurImage(image, { imageSize, channels, deviation: blurShare * imageSize }),
  };
  return {
    ...{ image, seed: own, baselines, luminance, mask: computeMask(rule, luminance) },
    like: { image: toPlane(luminance), edges: toPlane(edges) },
    references: { image: luminance, edges, chance: luminance.map(() => random.uniform()) },
  };
}

/** The images from `from` to `to` of a request. */
export const prepareImages = (request: AuditRequest, from: number, to: number): AuditedImage[] =>
  Array.from({ length: to - from }, (_, i) => prepareImage(request, from + i));

/** The maps of some images that no network made. */
export const listReferences = (
  images: readonly AuditedImage[],
): { name: ReferenceName; maps: Float32Array[] }[] =>
  referenceNames.map((name) => ({ name, maps: images.map(({ references }) => references[name]) }));
