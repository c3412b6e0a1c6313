import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { NewRun } from '../../../src/shared/contract.ts';
import { presets } from '../../../src/core/config/presets.ts';
import {
  byName,
  exampleMetrics,
  recordedMetricNames,
} from '../../../src/core/metrics/exampleMetrics.ts';
import { buildMapMeans } from '../../support/epochMetrics.ts';
import { Random } from '../../../src/core/random.ts';
import type { DatasetRecord, EngineInfo, EpochMetrics } from '../../../src/core/records.ts';
import { encodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import type { EpochExamples, EpochResult, Split } from '../../../src/shared/trainerEvents.ts';
import { openHistory, type History, type OpenOptions } from '../../../src/main/store/history.ts';

export const version = '1.2.3';

/** A folder that goes when the test ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-store-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Opens a history that is closed when the test ends. */
export function openTestHistory(
  dataDir = makeFolder(),
  options: Partial<OpenOptions> = {},
): History {
  const history = openHistory({ dataDir, version, ...options });
  onTestFinished(() => {
    history.close();
  });
  return history;
}

export const newRun = (change: Partial<NewRun> = {}): NewRun => ({
  name: 'mnist-c seed 1',
  experiment: 'paper',
  config: presets['mnist-c'],
  seed: 1,
  ...change,
});

export const engine: EngineInfo = {
  name: 'wasm',
  device: 'CPU',
  threads: 1,
  deterministic: true,
  versions: { tfjs: '4.22.0' },
};

export function makeMetrics(epoch: number, change: Partial<EpochMetrics> = {}): EpochMetrics {
  const isTrained = epoch > 0;
  return {
    epoch,
    trainLoss: isTrained ? 1 / 3 / epoch : null,
    terms: {
      train: isTrained ? { crossEntropy: 0.1 + 0.2 / epoch } : {},
      validation: { crossEntropy: 2 ** -epoch / 3 },
    },
    trainAccuracy: isTrained ? 0.9 : null,
    validationLoss: 2 ** -epoch / 3,
    validationAccuracy: 1 - 2 ** -epoch / 7,
    testAccuracy: 0.95,
    testCrossEntropy: 0.123456789012345,
    falsePredictions: 3,
    trueLowConfidence: 2,
    mapMeans: buildMapMeans(
      { energyInside: 0.5, iou: null },
      { inputCorrelation: 1, energyInside: 1, iou: 1 },
    ),
    testImages: 10_000,
    zeroMaps: 1,
    nanBatches: 0,
    learningRate: isTrained ? 1e-3 : null,
    durationMs: 1234.5,
    evaluationMs: 234.5,
    imagesPerSecond: isTrained ? 1000.25 : null,
    numericsVersion: 2,
    ...change,
  };
}

export interface ExampleOptions {
  count?: number;
  classes?: number;
  mapSize?: number;
}

/** Softmax-like float32 values, [count, classes]. */
function makeProbabilities(random: Random, count: number, classes: number): Float32Array {
  const probabilities = new Float32Array(count * classes);
  for (let i = 0; i < count; i += 1) {
    const weights = Array.from({ length: classes }, () => Math.exp(random.uniform(-4, 4)));
    const sum = weights.reduce((total, weight) => total + weight);
    weights.forEach((weight, k) => {
      probabilities[i * classes + k] = weight / sum;
    });
  }
  return probabilities;
}

const argMaxOf = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The class that each row of [count, classes] is largest at. */
export const predictionsOf = ({ probabilities, classes, labels }: EpochExamples): number[] =>
  Array.from(labels, (_, i) =>
    argMaxOf([...probabilities.subarray(i * classes, (i + 1) * classes)]),
  );

/** Test images 3, 10, 17, ... with random predictions and maps; some values are undefined. */
export function makeExamples(
  epoch: number,
  { count = 300, classes = 4, mapSize = 3 }: ExampleOptions = {},
): EpochExamples {
  const same = Random.fromSeed(count);
  const random = Random.fromSeed(1000 + epoch);
  const cells = mapSize ** 2;
  const column = (low: number, high: number): Float32Array =>
    Float32Array.from({ length: count }, () =>
      random.uniform() < 0.1 ? Number.NaN : random.uniform(low, high),
    );
  const levels = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => Math.max(0, random.uniform(-200, 256)));
  const scales = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.uniform(0, 3));
  const examples: EpochExamples = {
    exampleIds: Uint32Array.from({ length: count }, (_, i) => 3 + 7 * i),
    labels: Uint8Array.from({ length: count }, () => same.uniform(0, classes)),
    maskArea: Float32Array.from({ length: count }, () => same.uniform()),
    probabilities: makeProbabilities(random, count, classes),
    classes,
    mapSize,
    camLevels: levels(count * cells),
    camScales: scales(count),
    measures: byName(recordedMetricNames, (name) =>
      column(exampleMetrics[name].range[0], exampleMetrics[name].range[1]),
    ),
    labelMaps: {
      positions: new Uint32Array(0),
      camLevels: new Uint8Array(0),
      camScales: new Float32Array(0),
    },
  };
  const wrong = predictionsOf(examples).flatMap((predicted, i) =>
    predicted === examples.labels[i] ? [] : [i],
  );
  examples.labelMaps = {
    positions: Uint32Array.from(wrong),
    camLevels: levels(wrong.length * cells),
    camScales: scales(wrong.length),
  };
  return examples;
}

export function makeEpoch(
  epoch: number,
  options: ExampleOptions & { metrics?: Partial<EpochMetrics> } = {},
): EpochResult {
  const values = Float32Array.from({ length: 20 }, (_, i) => Math.sin(epoch * 100 + i));
  return {
    metrics: makeMetrics(epoch, options.metrics),
    examples: makeExamples(epoch, options),
    weights: encodeSafetensors({ tensors: { w: { shape: [20], values } }, metadata: {} }),
    checkpoint: new Uint8Array([epoch, 1, 2, 3]),
  };
}

/** A stored run with epochs 0 to `last`. */
export function insertRunWithEpochs(
  history: History,
  last: number,
  options: ExampleOptions & Partial<NewRun> = {},
): string {
  const { count, classes, mapSize, ...run } = options;
  const { id } = history.runs.insert(newRun(run));
  const shape = Object.fromEntries(
    Object.entries({ count, classes, mapSize }).filter(([, value]) => value !== undefined),
  );
  for (let epoch = 0; epoch <= last; epoch += 1) history.insertEpoch(id, makeEpoch(epoch, shape));
  return id;
}

export const datasetRecord: DatasetRecord = {
  name: 'mnist',
  id: 'ab'.repeat(32),
  imageSize: 28,
  channels: 1,
  classNames: ['zero', 'one'],
  trainCounts: [5, 5],
  testCounts: [2, 2],
  mean: 0.1307,
  standardDeviation: 0.3081,
  source: 'somewhere',
  sourceChecksums: { images: 'cd'.repeat(32) },
  importedAt: '2026-01-02T03:04:05.678Z',
};

/** A split whose test images are those of `makeExamples`. */
export const makeSplit = (count = 300): Split => ({
  train: Uint32Array.from({ length: 50 }, (_, i) => i),
  validation: Uint32Array.from({ length: 5 }, (_, i) => 50 + i),
  test: Uint32Array.from({ length: count }, (_, i) => 3 + 7 * i),
});

/** The error that `work` throws. */
export async function errorOf(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
