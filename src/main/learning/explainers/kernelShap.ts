import { AfterimageError } from '../../../core/errors.ts';
import { solvePositive } from '../../../core/linearSystem.ts';
import type { Random } from '../../../core/random.ts';
import {
  accumulateNormal,
  scoreCoalitions,
  segmentImage,
  spreadValues,
  type Coalitions,
} from './coalitions.ts';
import type { Method } from './method.ts';

interface Weighted {
  coalitions: Uint8Array[];
  weights: number[];
}

/** n choose k */
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

const countOn = (on: Uint8Array): number => on.reduce((sum, value) => sum + value, 0);

/** Every combination but none and all, with the Shapley kernel's weights. */
function listAll(n: number): Weighted {
  const coalitions = Array.from({ length: 2 ** n - 2 }, (_, i) =>
    Uint8Array.from({ length: n }, (_unused, k) => ((i + 1) >> k) & 1),
  );
  const weights = coalitions.map((on) => {
    const k = countOn(on);
    return (n - 1) / (choose(n, k) * k * (n - k));
  });
  return { coalitions, weights };
}

/** How many are on, with the kernel's probability of that many: in proportion to 1 / (k (n - k)). */
function drawSize(random: Random, n: number): number {
  const shares = Array.from({ length: n - 1 }, (_, i) => 1 / ((i + 1) * (n - i - 1)));
  let rest = random.uniform() * shares.reduce((sum, share) => sum + share, 0);
  const index = shares.findIndex((share) => (rest -= share) < 0);
  return index < 0 ? n - 1 : index + 1;
}

/** Drawn by the kernel's weights, each with its complement. */
function drawPairs(random: Random, n: number, samples: number): Weighted {
  const coalitions: Uint8Array[] = [];
  while (coalitions.length < samples) {
    const order = random.shuffle(Array.from({ length: n }, (_, k) => k));
    const on = new Uint8Array(n);
    for (const k of order.slice(0, drawSize(random, n))) on[k] = 1;
    coalitions.push(
      on,
      on.map((value) => 1 - value),
    );
  }
  const kept = coalitions.slice(0, samples);
  return { coalitions: kept, weights: kept.map(() => 1) };
}

/**
 * The values [n] that fit the scores best by the weights, of those that add up to `total`: of the
 * unconstrained fit, with the same added along A⁻¹ 1 until the sum is right. Null where combinations do
 * not tell segments apart.
 *
 * @param gains scores less that of nothing
 */
export function fitShapley(
  coalitions: Coalitions,
  weights: readonly number[],
  gains: ArrayLike<number>,
  total: number,
): Float64Array | null {
  const { matrix, side } = accumulateNormal(coalitions, weights, gains);
  const solved = solvePositive(matrix, [side, new Float64Array(side.length).fill(1)]);
  if (solved === null) return null;
  const [free, direction] = solved as [Float64Array, Float64Array];
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  const step = (total - sum(free)) / sum(direction);
  return free.map((value, k) => value + step * (direction[k] ?? 0));
}

/** Kernel SHAP on segments: exact where every combination can be asked for. */
export const explainByKernelShap: Method<'kernel-shap'> = (network, question, options) => {
  const { image, random } = question;
  const { samples } = options;
  const segments = segmentImage(network, image, options);
  const { count } = segments;
  const few = count < 31 && 2 ** count - 2 <= samples;
  const { coalitions, weights } = few ? listAll(count) : drawPairs(random, count, samples);
  const ends = [new Uint8Array(count), new Uint8Array(count).fill(1)];
  const asked = { ...options, segments };
  const scores = scoreCoalitions(network, question, [...ends, ...coalitions], asked);
  const [nothing = 0, all = 0] = scores;
  const gains = scores.subarray(2).map((score) => score - nothing);
  if (count === 1) return spreadValues(segments, [all - nothing]);
  const values = fitShapley(coalitions, weights, gains, all - nothing);
  if (values === null) throw tooFewSamples(samples, count);
  return spreadValues(segments, values);
};

const tooFewSamples = (samples: number, count: number): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `Kernel SHAP cannot tell ${count} segments apart by ${samples} combinations of them.`,
    `Ask for fewer segments, or for samples=${4 * count}.`,
  );
