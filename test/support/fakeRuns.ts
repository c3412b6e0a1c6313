import { changeSettings } from '../../src/core/config/settingValues.ts';
import { paradigmOf } from '../../src/core/config/objectives.ts';
import { presets } from '../../src/core/config/presets.ts';
import type { PresetName } from '../../src/core/config/presets.ts';
import type { EpochMetrics, Run, RunStatus, RunSummary } from '../../src/core/records.ts';
import { trainingTimeMs } from '../../src/core/metrics/trainingTime.ts';
import type { RunConfig } from '../../src/core/config/runConfig.ts';
import { buildMapMeans, buildMetrics } from './epochMetrics.ts';
import { gaussian, noise } from './fakeDigits.ts';

const classes = 10;

const weightOf = ({ objective }: RunConfig): number => objective.contrastive?.weight ?? 0;

/** Metrics of one epoch that get better as the paper's do, with a scatter of their own per run. */
export function fakeEpoch(config: RunConfig, key: number, epoch: number): EpochMetrics {
  const isR = paradigmOf(config) === 'R';
  const wobble = (index: number): number => gaussian(key, epoch, index);
  const pace = 1 - Math.exp(-epoch / 0.9);
  const best = (isR ? 0.984 : 0.9915) + 0.0006 * gaussian(key, 1);
  const accuracy = Math.min(0.9999, 0.1 + (best - 0.1) * pace + 0.0008 * wobble(2));
  const overfit = 0.004 * Math.max(0, epoch - 7 - 3 * noise(key, 3));
  const crossEntropy = 2.3 * Math.exp(-epoch / 0.7) + 0.035 + overfit + 0.002 * wobble(3);
  const contrastive = isR ? 40 * Math.exp(-epoch / 1.2) + 12 + 4 * overfit + 0.3 * wobble(4) : null;
  const loss = crossEntropy + weightOf(config) * (contrastive ?? 0);
  const tests = config.data.testExamples ?? 10_000;
  const rise = (from: number, to: number, index: number): number =>
    from + (to - from) * pace + 0.01 * wobble(index);
  const untrained = epoch === 0;
  const own = contrastive === null ? {} : { contrastive };
  return buildMetrics({
    epoch,
    trainLoss: untrained ? null : loss * 0.97,
    terms: {
      train: untrained ? {} : { crossEntropy: crossEntropy * 0.95, ...own },
      validation: { crossEntropy, ...own },
    },
    trainAccuracy: untrained ? null : Math.min(1, accuracy + 0.002),
    validationLoss: loss,
    validationAccuracy: Math.min(1, accuracy + 0.0007),
    testAccuracy: accuracy,
    testCrossEntropy: crossEntropy,
    falsePredictions: Math.round((1 - accuracy) * tests),
    trueLowConfidence: Math.round(tests * (isR ? 0.012 : 0.003) * (1 + 6 * (1 - pace))),
    mapMeans: buildMapMeans({
      inputCorrelation: rise(0.05, isR ? 0.76 : 0.24, 5),
      energyInside: rise(0.12, isR ? 0.52 : 0.23, 6),
      iou: rise(0.08, isR ? 0.5 : 0.16, 7),
    }),
    learningRate: untrained ? null : config.optimizer.learningRate,
    durationMs: untrained ? 6_000 : 62_000 + 3_000 * wobble(8),
    evaluationMs: 6_000,
    imagesPerSecond: untrained ? null : 1_000 + 40 * wobble(9),
  });
}

/** Epoch with the lowest validation loss from epoch 1 on, the earliest of equals. */
export function bestEpochOf(epochs: readonly EpochMetrics[]): number | null {
  const trained = epochs.filter(({ epoch }) => epoch > 0);
  const lowest = Math.min(...trained.map(({ validationLoss }) => validationLoss));
  return trained.find(({ validationLoss }) => validationLoss === lowest)?.epoch ?? null;
}

export function summarize({ epochs, ...run }: Run): RunSummary {
  return {
    ...run,
    best: epochs.find(({ epoch }) => epoch === run.bestEpoch) ?? null,
    last: epochs.at(-1) ?? null,
    validationLosses: epochs.map(({ validationLoss }) => validationLoss),
    trainingMs: trainingTimeMs(epochs),
  };
}

export const longName =
  'Does a heavier map term at the second block keep the low-confidence misclassifications honest? Attempt with cosine schedule and in-batch pairs';

const statuses: Partial<Record<number, RunStatus>> = {
  0: 'running',
  1: 'queued',
  2: 'queued',
  5: 'failed',
  7: 'interrupted',
  11: 'paused',
  13: 'stopped',
};

const presetOrder: readonly PresetName[] = ['mnist-c', 'mnist-r', 'fashion-c', 'fashion-r'];
const weights = [1, 0.1, 10];

const lastEpochs: Partial<Record<RunStatus, number>> = {
  queued: -1,
  running: 4,
  failed: 3,
  interrupted: 6,
  paused: 2,
  stopped: 8,
};

/** SHA-256 of the made-up data sets, by name. */
export const fakeDatasetIds: Record<string, string> = {
  mnist: 'f3a9c04be2b7d9815a6f0c2d4e8b16937a5d0e1f2c3b4a5968778695a4b3c2d1',
  'fashion-mnist': '0d52f1c88e67ab34910c7be2f5a4d3160b9e8c7f6a5d4c3b2a19087f6e5d4c3b',
};

function fakeConfig(index: number): RunConfig {
  const preset = presets[presetOrder[index % 4] ?? 'mnist-c'];
  const group = Math.floor(index / 24);
  const change =
    paradigmOf(preset) === 'C'
      ? { 'optimizer.learningRate': group % 2 === 0 ? 1e-3 : 3e-4 }
      : { 'objective.contrastive.weight': weights[group % weights.length] ?? 1 };
  return changeSettings(preset, change);
}

/**
 * The `index`-th run from the newest; index 0 runs, a few of the next are queued, failed and so on.
 * `now` in ms: the newest began a few minutes before.
 */
export function fakeRun(index: number, count: number, now: number): Run {
  const config = fakeConfig(index);
  const seed = 1 + (Math.floor(index / 4) % 6);
  const status = count === 1 ? 'completed' : (statuses[index] ?? 'completed');
  const lastEpoch = lastEpochs[status] ?? 11 + Math.floor(5 * noise(index, 31));
  const epochs = Array.from({ length: lastEpoch + 1 }, (_, epoch) =>
    fakeEpoch(config, index, epoch),
  );
  const started = now - 317_000 - index * 47 * 60_000;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const name = `${config.data.dataset === 'mnist' ? 'mnist' : 'fashion'}-${paradigmOf(config).toLowerCase()}`;
  return {
    id: `run-${String(count - index).padStart(4, '0')}`,
    name: index === 9 ? longName : `${name} seed ${seed}`,
    experiment: `${name}${paradigmOf(config) === 'R' ? ` weight ${weightOf(config)}` : ''}`,
    status,
    config,
    seed,
    datasetId: status === 'queued' ? null : (fakeDatasetIds[config.data.dataset] ?? null),
    engine: status === 'queued' ? null : fakeEngine(index),
    epochs,
    bestEpoch: bestEpochOf(epochs),
    tags: index % 7 === 3 ? ['paper', 'table 1'] : index % 5 === 2 ? ['baseline'] : [],
    note: [3, 17].includes(index)
      ? '# What was seen\n\nThe map **settles** by epoch 6; see `energyInside`.'
      : '',
    error: status === 'failed' ? fakeFailure : null,
    createdAt: iso(started - 60_000),
    startedAt: status === 'queued' ? null : iso(started),
    finishedAt: ['queued', 'running'].includes(status) ? null : iso(started + lastEpoch * 62_000),
    deletedAt: null,
  };
}

const fakeEngine = (index: number): Run['engine'] => ({
  name: index % 6 === 4 ? 'wasm' : 'native',
  device: index % 6 === 4 ? 'WebAssembly SIMD' : 'CPU',
  threads: index % 6 === 4 ? 1 : 2,
  deterministic: true,
  versions: { tensorflow: '2.21.0', node: '24.21.0' },
});

const fakeFailure: Run['error'] = {
  code: 'OUT_OF_MEMORY',
  message: 'The trainer of “mnist-r seed 2” ran out of memory at epoch 4, step 112.',
  remedy: 'Choose a smaller batch size, or close what else uses memory, and resume the run.',
  log: ['epoch 4 step 110', 'epoch 4 step 111', 'std::bad_alloc'],
};

export const fakeClassNames = Array.from({ length: classes }, (_, digit) => String(digit));
