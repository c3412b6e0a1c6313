import { solvePositive } from '../../../core/linearSystem.ts';
import {
  accumulateNormal,
  scoreCoalitions,
  segmentImage,
  spreadValues,
  type Coalitions,
} from './coalitions.ts';
import type { Method } from './method.ts';

/** Of the slopes' squares in what is minimised, as LIME's authors have it. */
const ridge = 1;

/** exp(-d² / (2 width²)) of the cosine distance d from everything on; nothing on is at distance 1. */
function weighCoalition(on: Uint8Array, width: number): number {
  const share = on.reduce((sum, value) => sum + value, 0) / on.length;
  const distance = 1 - Math.sqrt(share);
  return Math.exp(-(distance ** 2) / (2 * width ** 2));
}

const weightedMean = (values: ArrayLike<number>, weights: readonly number[]): number => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0) / total;
};

/**
 * LIME's slopes [n]: ridge regression of scores on combinations, weighted by how near they are to the
 * whole image, with an intercept that is not shrunk.
 */
export function fitSlopes(
  coalitions: Coalitions,
  scores: ArrayLike<number>,
  width: number,
): Float64Array {
  const n = coalitions[0]?.length ?? 0;
  const weights = coalitions.map((on) => weighCoalition(on, width));
  const column = (k: number): number[] => coalitions.map((on) => on[k] ?? 0);
  const means = Array.from({ length: n }, (_, k) => weightedMean(column(k), weights));
  const mean = weightedMean(scores, weights);
  const rows = coalitions.map((on) => Float64Array.from(on, (value, k) => value - (means[k] ?? 0)));
  const centred = Float64Array.from(scores, (value) => value - mean);
  const { matrix, side } = accumulateNormal(rows, weights, centred);
  for (let k = 0; k < n; k += 1) matrix[k * n + k] = (matrix[k * n + k] ?? 0) + ridge;
  return solvePositive(matrix, [side])?.[0] ?? new Float64Array(n);
}

/** LIME on segments. */
export const explainByLime: Method<'lime'> = (network, question, options) => {
  const { image, random } = question;
  const segments = segmentImage(network, image, options);
  const coalitions = Array.from({ length: options.samples }, (_, i) => {
    const on = new Float32Array(segments.count).fill(1);
    if (i > 0) random.fillBernoulli(on, 0.5, 1);
    return Uint8Array.from(on);
  });
  const scores = scoreCoalitions(network, question, coalitions, { ...options, segments });
  return spreadValues(segments, fitSlopes(coalitions, scores, options.width));
};
