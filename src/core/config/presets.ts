import type { RunConfig } from './runConfig.ts';

/** The paper's settings on MNIST under paradigm C; every other preset is a change of these. */
const paper: RunConfig = {
  dataset: 'mnist',
  trainExamples: null,
  testExamples: null,
  testFraction: 1,
  validationFraction: 0.1,
  splitSeed: 0,
  model: 'paper-cnn',
  dropout: 0.5,
  paradigm: 'C',
  camWeight: 1,
  distanceReduction: 'sum',
  pairing: 'matched',
  margin: 1,
  camGradient: 'stopAlpha',
  targetLayer: 'relu3',
  optimizer: 'adam',
  learningRate: 1e-3,
  momentum: 0.9,
  schedule: 'constant',
  scheduleEpochs: 5,
  scheduleFactor: 0.5,
  batchSize: 64,
  epochs: 30,
  patience: 3,
  lowConfidenceThreshold: 0.6,
};

const fashion: RunConfig = { ...paper, dataset: 'fashion-mnist', testFraction: 0.15 };

export const presets = {
  'mnist-c': paper,
  'mnist-r': { ...paper, paradigm: 'R' },
  'fashion-c': fashion,
  'fashion-r': { ...fashion, paradigm: 'R' },
} satisfies Record<string, RunConfig>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
