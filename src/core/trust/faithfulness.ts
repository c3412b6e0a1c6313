import { valuesPerImage, type PixelFormat } from '../pixels.ts';
import type { Random } from '../random.ts';
import { imputationNoise, imputePixels } from './imputation.ts';
import {
  areaUnder,
  countPixels,
  imputedShares,
  orderPixels,
  removalBaselines,
  removedShares,
  replacePixels,
  type RemovalBaseline,
} from './removal.ts';

type OfBaselines<Value> = Record<RemovalBaseline, Value>;

/** An image whose class's probability is asked for with parts of it taken away. */
export interface Removals extends PixelFormat {
  image: Float32Array;
  /** Images of its shape that stand where pixels were taken away. */
  baselines: OfBaselines<Float32Array>;
  /** The class's probability of the image, and of the baselines. */
  imageScore: number;
  baselineScores: OfBaselines<number>;
  /** The class's probability of so many images, which `fill` makes in targets of any content. */
  score: (count: number, fill: (target: Float32Array, index: number) => void) => ArrayLike<number>;
  random: Random;
  noise?: number;
}

/** Probabilities of the class at `removedShares`, and at `imputedShares`. */
export interface FaithfulnessCurves {
  deletion: OfBaselines<Float32Array>;
  insertion: OfBaselines<Float32Array>;
  /** Most important pixels imputed first, and least important first. */
  roadMost: Float32Array;
  roadLeast: Float32Array;
}

export interface Faithfulness {
  curves: FaithfulnessCurves;
  deletion: OfBaselines<number>;
  insertion: OfBaselines<number>;
  road: number;
  drop: number;
  increase: number;
}

const ofBaselines = <Value>(of: (name: RemovalBaseline) => Value): OfBaselines<Value> =>
  Object.fromEntries(removalBaselines.map((name) => [name, of(name)])) as OfBaselines<Value>;

type Fill = (target: Float32Array) => void;
const inner = removedShares.slice(1, -1);

/**
 * Which of the inner shares take away, or put back, a pixel that is not as the baseline: where none is, as on
 * black backgrounds, the image is that of the share before and need not be shown again.
 */
const listChanges = (
  { image, channels }: Removals,
  baseline: Float32Array,
  order: Uint32Array,
): boolean[] =>
  inner.map((share, i) => {
    const [from, to] = [removedShares[i] ?? 0, share].map((end) => countPixels(end, order.length));
    return order.subarray(from, to).some((pixel) => {
      for (let value = pixel * channels; value < (pixel + 1) * channels; value += 1) {
        if (image[value] !== baseline[value]) return true;
      }
      return false;
    });
  });

/** The image with its most important pixels replaced, or the baseline with them put back, where it changes. */
function listReplacements(
  { image, baselines, channels }: Removals,
  order: Uint32Array,
  changes: OfBaselines<boolean[]>,
): Fill[] {
  const replaced = (from: Float32Array, other: Float32Array, isNew: boolean[]): Fill[] =>
    inner
      .filter((_, i) => isNew[i])
      .map((share) => (target) => {
        target.set(from);
        const count = countPixels(share, order.length);
        replacePixels(target, other, order.subarray(0, count), channels);
      });
  return removalBaselines.flatMap((name) => [
    ...replaced(image, baselines[name], changes[name]),
    ...replaced(baselines[name], image, changes[name]),
  ]);
}

function listImputations(removals: Removals, order: Uint32Array): Fill[] {
  const { image, random, noise = imputationNoise } = removals;
  const imputed = (pixels: Uint32Array): Fill[] =>
    imputedShares.map((share) => (target) => {
      target.set(image);
      const removed = pixels.subarray(0, countPixels(share, pixels.length));
      imputePixels(target, removed, removals, { random, noise });
    });
  return [...imputed(order), ...imputed(order.toReversed())];
}

/** The image times what speaks for the class, the map's largest value as 1. */
function dim({ image, channels }: Removals, map: Float32Array): Fill {
  const most = map.reduce((largest, value) => Math.max(largest, value), 0);
  return (target) => {
    target.set(
      image.map((value, i) =>
        most === 0 ? 0 : (value * Math.max(0, map[Math.floor(i / channels)] ?? 0)) / most,
      ),
    );
  };
}

function cutCurves(
  removals: Removals,
  scores: ArrayLike<number>,
  changes: OfBaselines<boolean[]>,
): FaithfulnessCurves {
  let read = 0;
  const take = (count: number): number[] =>
    Array.from({ length: count }, () => scores[read++] ?? Number.NaN);
  const follow = (isNew: boolean[], first: number): number[] => {
    let last = first;
    return isNew.map((isOther) => (isOther ? (last = scores[read++] ?? Number.NaN) : last));
  };
  const deletion = {} as OfBaselines<Float32Array>;
  const insertion = {} as OfBaselines<Float32Array>;
  for (const name of removalBaselines) {
    const [whole, bare] = [removals.imageScore, removals.baselineScores[name]];
    deletion[name] = Float32Array.of(whole, ...follow(changes[name], whole), bare);
    insertion[name] = Float32Array.of(bare, ...follow(changes[name], bare), whole);
  }
  const [roadMost, roadLeast] = [take(imputedShares.length), take(imputedShares.length)];
  return {
    ...{ deletion, insertion },
    roadMost: Float32Array.from(roadMost),
    roadLeast: Float32Array.from(roadLeast),
  };
}

const areasOf = (curves: OfBaselines<Float32Array>): OfBaselines<number> =>
  ofBaselines((name) => areaUnder(removedShares, curves[name]));

/** Half the mean distance of both curves: in [-1/2, 1/2], as Rong et al. combine them. */
const combineRoad = ({ roadMost, roadLeast }: FaithfulnessCurves): number =>
  roadLeast.reduce((sum, value, i) => sum + value - (roadMost[i] ?? 0), 0) / (2 * roadLeast.length);

/**
 * What the class's probability says of a map [S, S] whose larger values speak for it:
 *
 * - the areas under deletion and insertion (Petsiuk, Das and Saenko, RISE, 2018);
 * - ROAD, least important pixels imputed against most important ones (Rong et al., 2022);
 * - what the image dimmed by the map loses, as a share, and 1 where it gains (Chattopadhay et al.,
 *   Grad-CAM++, 2018).
 */
export function testFaithfulness(removals: Removals, map: Float32Array): Faithfulness {
  const order = orderPixels(map, removals.random);
  const changes = ofBaselines((name) => listChanges(removals, removals.baselines[name], order));
  const fills = [
    ...listReplacements(removals, order, changes),
    ...listImputations(removals, order),
    dim(removals, map),
  ];
  const scores = removals.score(fills.length, (target, i) => fills[i]?.(target));
  const curves = cutCurves(removals, scores, changes);
  const [before, dimmed] = [removals.imageScore, scores[fills.length - 1] ?? Number.NaN];
  return {
    curves,
    deletion: areasOf(curves.deletion),
    insertion: areasOf(curves.insertion),
    road: combineRoad(curves),
    drop: Math.max(0, before - dimmed) / before,
    increase: Number(dimmed > before),
  };
}

/** Most images that `testFaithfulness` shows the network for one map. */
export const faithfulnessPasses =
  2 * removalBaselines.length * inner.length + 2 * imputedShares.length + 1;

/** A baseline of one value for each channel. */
export const fillImage = (format: PixelFormat, values: readonly number[]): Float32Array =>
  Float32Array.from({ length: valuesPerImage(format) }, (_, i) => values[i % format.channels] ?? 0);
