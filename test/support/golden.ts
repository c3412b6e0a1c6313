import { readFileSync } from 'node:fs';
import type { TermName } from '../../src/core/config/objectives/registry.ts';
import type { RunConfig } from '../../src/core/config/runConfig.ts';

export type Nested = number | Nested[];

export interface GoldenCase {
  camGradient: 'stopAlpha' | 'full';
  distanceReduction: 'sum' | 'mean';
  similar: number[];
  margin: number;
  camWeight: number;
  forward: Record<
    | 'activations'
    | 'logits'
    | 'alpha'
    | 'camMap'
    | 'cam'
    | 'distance'
    | 'crossEntropy'
    | 'contrastive'
    | 'total',
    Nested
  >;
  gradients: Record<string, Nested>;
}

export interface GoldenModel {
  images: Nested;
  labels: number[];
  weights: Record<string, Nested>;
  cases: GoldenCase[];
}

export interface GoldenResize {
  cases: { input: number[][]; output: number[][] }[];
}

/** Maps with tied maxima; what each is shows its name. */
export interface GoldenTies {
  names: string[];
  labels: number[];
  head: Nested;
  activations: Nested;
  images: Nested;
  cases: (Pick<
    GoldenCase,
    'camGradient' | 'distanceReduction' | 'similar' | 'margin' | 'camWeight'
  > & {
    contrastive: number;
    total: number;
    gradient: Nested[];
  })[];
}

type NamedVectors = Record<string, Nested>;

export interface GoldenStepsCase {
  paradigm: 'C' | 'R';
  camGradient: 'stopAlpha' | 'full';
  targetLayer: RunConfig['cam']['targetLayer'];
  distanceReduction: 'sum' | 'mean';
  camWeight: number;
  optimizer: RunConfig['optimizer']['name'];
  steps: { loss: number; crossEntropy: number; contrastive?: number; correct: number }[];
  weights: NamedVectors;
  statistics: NamedVectors;
  meansWithoutBias: NamedVectors;
  slots: Record<string, NamedVectors>;
  probabilities: Nested;
  camMaps: Nested;
}

/** Ten training steps of several configurations, all from one initial state. */
export interface GoldenSteps {
  images: Nested[];
  labels: number[];
  weights: NamedVectors;
  batches: number[][];
  masks: Nested[];
  cases: GoldenStepsCase[];
}

/** One training step on the first batch of `GoldenSteps` with a term of the objective. */
export interface GoldenTermCase {
  term: TermName;
  settings: Readonly<Record<string, string | number>>;
  targetLayer: RunConfig['cam']['targetLayer'];
  camGradient: 'stopAlpha' | 'full';
  weight: number;
  value: number;
  loss: number;
  gradients: NamedVectors;
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));

/** Values made with PyTorch in float64 by test/golden/make_golden.py. */
export const goldenModel = load('tiny-model') as GoldenModel;
/** Made by test/golden/make_training.py. */
export const goldenTies = load('ties') as GoldenTies;
export const goldenSteps = load('steps') as GoldenSteps;
/** Made by test/golden/make_terms.py. */
export const goldenTerms = load('terms') as { cases: GoldenTermCase[] };
export const goldenResize = load('bicubic') as GoldenResize;

export const flatten = (nested: Nested): number[] =>
  typeof nested === 'number' ? [nested] : nested.flatMap(flatten);

/** Largest difference relative to the largest expected magnitude. */
export function relativeError(actual: ArrayLike<number>, expected: Nested): number {
  const wanted = flatten(expected);
  if (actual.length !== wanted.length) {
    throw new RangeError(`${actual.length} values, ${wanted.length} expected`);
  }
  const scale = Math.max(...wanted.map(Math.abs), 1e-12);
  const differences = wanted.map((value, i) => Math.abs((actual[i] ?? NaN) - value));
  return differences.some(Number.isNaN) ? Number.NaN : Math.max(...differences) / scale;
}
