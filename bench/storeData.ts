/** Data like those of training, for bench/store.ts. */
import { Random } from '../src/core/random.ts';
import type { EpochMetrics } from '../src/core/records.ts';
import type { EpochExamples } from '../src/shared/trainerEvents.ts';
import { byName, recordedMetricNames } from '../src/core/metrics/exampleMetrics.ts';

export const [count, epochs, classes, mapSize] = [10_000, 30, 10, 7];
export const cells = mapSize ** 2;
export const weightsBytes = 1_566_944;
export const checkpointBytes = 4_692_856;
export const random = Random.fromSeed(1);
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
export const randomBytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.uniform(0, 256));
const column = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.uniform(low, high));

const labels = Uint8Array.from({ length: count }, () => random.uniform(0, classes));
const ease = Float32Array.from({ length: count }, () => 9 + 4 * normal());

/** Logits whose softmax is as saturated as a trained network's: median confidence 0.99. */
function makeProbabilities(epoch: number): Float32Array {
  const growth = epoch === 0 ? 0.05 : 0.6 + 0.02 * epoch;
  const probabilities = new Float32Array(count * classes);
  labels.forEach((label, i) => {
    const weights = Array.from({ length: classes }, (_, k) =>
      Math.exp(growth * (2.5 * normal() + (k === label ? (ease[i] ?? 0) : 0))),
    );
    const sum = weights.reduce((total, weight) => total + weight);
    weights.forEach((weight, k) => (probabilities[i * classes + k] = weight / sum));
  });
  return probabilities;
}

/** A smooth bump with noise, cut at zero: about 40% zeros, as measured on trained networks. */
function makeLevels(maps: number, side: number): Uint8Array {
  const cells = side ** 2;
  const levels = new Uint8Array(maps * cells);
  for (let i = 0; i < maps; i += 1) {
    const [x0, y0, width] = [random.uniform(1, 5), random.uniform(1, 5), random.uniform(1, 2.5)];
    const values = Array.from({ length: cells }, (_, cell) => {
      // As wide as on 7 x 7 cells.
      const [x, y] = [cell % side, Math.floor(cell / side)].map((at) => (at * mapSize) / side) as [
        number,
        number,
      ];
      const bump = Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * width ** 2));
      return Math.max(0, bump - 0.2 + 0.15 * normal());
    });
    const top = Math.max(...values, Number.MIN_VALUE);
    levels.set(
      values.map((value) => Math.round((value / top) * 255)),
      i * cells,
    );
  }
  return levels;
}

const maskArea = column(0.05, 0.3);
const exampleIds = Uint32Array.from({ length: count }, (_, i) => i);

export function makeExamples(epoch: number, side = mapSize): EpochExamples {
  const probabilities = makeProbabilities(epoch);
  const positions = exampleIds.filter((i) => {
    const own = probabilities.subarray(i * classes, (i + 1) * classes);
    return own.indexOf(Math.max(...own)) !== labels[i];
  });
  return {
    exampleIds,
    labels,
    maskArea,
    classes,
    mapSize: side,
    probabilities,
    camLevels: makeLevels(count, side),
    camScales: column(0, 3),
    measures: byName(recordedMetricNames, () => column(0, 1)),
    labelMaps: {
      positions,
      camLevels: makeLevels(positions.length, side),
      camScales: Float32Array.from(positions, () => random.uniform(0, 3)),
    },
  };
}

export const makeMetrics = (epoch: number): EpochMetrics => ({
  epoch,
  trainLoss: epoch === 0 ? null : random.uniform(),
  terms: {
    train: epoch === 0 ? {} : { crossEntropy: random.uniform() },
    validation: { crossEntropy: random.uniform() },
  },
  trainAccuracy: epoch === 0 ? null : random.uniform(),
  validationLoss: random.uniform(),
  validationAccuracy: random.uniform(),
  testAccuracy: random.uniform(),
  testCrossEntropy: random.uniform(),
  falsePredictions: 83,
  trueLowConfidence: 30,
  mapMeans: byName(recordedMetricNames, () => ({ mean: random.uniform(), undefinedImages: 1 })),
  testImages: 10_000,
  zeroMaps: 1,
  nanBatches: 0,
  learningRate: epoch === 0 ? null : 1e-3,
  durationMs: random.uniform(1000, 9000),
  evaluationMs: random.uniform(100, 900),
  imagesPerSecond: epoch === 0 ? null : random.uniform(1000, 3000),
  numericsVersion: 2,
});

export const anyImage = (): number => Math.floor(random.uniform(0, count));
