import type { EngineInfo, EngineName, EpochMetrics, TermMeans } from '../core/records.ts';
import type { RecordedMetricName } from '../core/metrics/exampleMetrics.ts';
import type { RunConfig } from '../core/config/runConfig.ts';
import type { StepLoss } from '../core/metrics/stepLosses.ts';

/**
 * Predictions and maps of the N evaluated test images of one epoch, as flat arrays in the order of
 * `exampleIds`. A map is stored as 8-bit levels with one scale per image: M = level / 255 * scale.
 */
export interface EpochExamples {
  /** [N] */
  exampleIds: Uint32Array;
  /** [N] */
  labels: Uint8Array;
  /** [N, classes], softmax of the logits. */
  probabilities: Float32Array;
  classes: number;
  /** Height and width of a native map. */
  mapSize: number;
  /** [N, mapSize, mapSize], target class = predicted class. */
  camLevels: Uint8Array;
  /** [N], maximum of M; 0 for an all-zero map. */
  camScales: Float32Array;
  /** [N] each, from the unquantised map of the predicted class; NaN where undefined. */
  measures: Record<RecordedMetricName, Float32Array>;
  /** [N], share of pixels with x > 0.5. */
  maskArea: Float32Array;
  /** Maps for the label, only of the images whose prediction differs from it. */
  labelMaps: {
    /** [W], positions in `exampleIds`, ascending. */
    positions: Uint32Array;
    /** [W, mapSize, mapSize] */
    camLevels: Uint8Array;
    /** [W] */
    camScales: Float32Array;
  };
}

export interface TrainerProgress {
  /** `compilation` ends with the first steps, which an engine that compiles takes as soon as it has. */
  phase: 'compilation' | 'training' | 'adjustment' | 'validation' | 'evaluation';
  /** The epoch under way; 0 while the untrained model is evaluated. */
  epoch: number;
  epochs: number;
  /** Steps or batches done and due in this phase. */
  step: number;
  steps: number;
  /** Means since the phase began; by term, none while it evaluates. */
  loss: number | null;
  terms: Readonly<TermMeans>;
  accuracy: number | null;
  imagesPerSecond: number;
  /** How long the step was compiled, the first steps with it; absent where nothing has been. */
  compilationMs?: number;
}

/** Whether the steps counted are those of training, and not batches of another kind behind them. */
export const countsSteps = ({ phase }: Pick<TrainerProgress, 'phase'>): boolean =>
  phase === 'training' || phase === 'compilation';

/**
 * Which images a run uses, as ascending indices: `train` and `validation` into the data set's
 * training split, `test` into its test split (these are the exampleIds).
 */
export interface Split {
  train: Uint32Array;
  validation: Uint32Array;
  test: Uint32Array;
}

/** Everything that a trainer needs; it reads `datasetPath` and nothing else of the data folder. */
export interface TrainerJob {
  runId: string;
  config: RunConfig;
  seed: number;
  engine: EngineName;
  threads: number;
  /** Folder of the installed native engine; null for the embedded one. */
  engineFolder: string | null;
  /** A data set of the library (see `src/core/formats/datasetFile.ts`). */
  datasetPath: string;
  /** SHA-256 of that file, which the trainer checks. */
  datasetId: string;
  split: Split;
  /** Exact state to continue from, as the trainer emitted it; null starts at epoch 0. */
  checkpoint: Uint8Array | null;
  /** Longest time between two checkpoints, ms. */
  checkpointIntervalMs: number;
}

export interface EpochResult {
  metrics: EpochMetrics;
  examples: EpochExamples;
  /** Weights after the epoch, as a safetensors file. */
  weights: Uint8Array;
  /** State from which the next epoch starts. */
  checkpoint: Uint8Array;
}

/** What a trainer says, in order: `started`, then any of the middle ones, then one of the last three. */
export type TrainerEvent =
  | { type: 'started'; engine: EngineInfo; environment: Record<string, string> }
  /** `losses` are those of the steps since the last one. */
  | { type: 'progress'; progress: TrainerProgress; losses?: readonly StepLoss[] }
  | { type: 'checkpoint'; epoch: number; step: number; checkpoint: Uint8Array }
  | { type: 'epoch'; result: EpochResult }
  | { type: 'paused'; checkpoint: Uint8Array }
  | { type: 'completed'; reason: 'allEpochs' | 'earlyStopping' }
  | { type: 'failed'; code: string; message: string; remedy: string };

/** What a trainer is told. `pause` ends it after the current step with a `paused` event. */
export type TrainerCommand = { type: 'start'; job: TrainerJob } | { type: 'pause' };
