import { paradigmOf } from '../../src/core/config/objectives.ts';
import { withSettings, type Changes } from './settings.ts';
import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../src/core/config/presets.ts';
import type { DatasetRecord, EpochMetrics } from '../../src/core/records.ts';
import type { EpochExamples } from '../../src/shared/trainerEvents.ts';
import { encodeSafetensors } from '../../src/core/formats/safetensors.ts';
import type { FigureSource } from '../../src/core/figures/source.ts';
import { DatasetLibrary } from '../../src/main/datasets/library.ts';
import { openHistory, type History } from '../../src/main/store/history.ts';
import { DatasetCache } from '../../src/main/workbench/datasetsApi.ts';
import { listFakeAudits } from './fakeAudits.ts';
import { fakeExplaining } from './fakeExplaining.ts';
import { createFigureSource } from '../../src/main/workbench/figureSource.ts';
import { makeIdx } from '../main/datasets/builders.ts';
import { engine } from '../main/store/fixtures.ts';
import { buildMapMeans, buildMetrics } from './epochMetrics.ts';
import { drawDigit, drawMap, imageSize, mapSize, noise } from './fakeDigits.ts';
import { byName, recordedMetricNames } from '../../src/core/metrics/exampleMetrics.ts';

const classes = 10;
/** Test images of the data set, and how many of them, from the first, runs evaluate. */
export const [testImages, evaluatedImages] = [40, 30];

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const digitOf = (exampleId: number): number => exampleId % classes;

/** Four IDX files of drawn digits; `shift` makes them another data set. */
function writeIdx(folder: string, shift: number): void {
  mkdirSync(folder, { recursive: true });
  for (const [split, count] of [
    ['train', 20],
    ['t10k', testImages],
  ] as const) {
    const ids = range(count);
    const images = ids.flatMap((id) => [...drawDigit(digitOf(id), id + shift * 10)]);
    const files = {
      [`${split}-images-idx3-ubyte`]: makeIdx([count, imageSize, imageSize], images),
      [`${split}-labels-idx1-ubyte`]: makeIdx([count], ids.map(digitOf)),
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  }
}

/**
 * What example `id` is predicted as and how surely: of every five, one is right and unsure, one
 * wrong and unsure, one wrong and sure, two right and sure.
 */
export function predictionOf(id: number, key: number): { predicted: number; confidence: number } {
  const kind = id % 5;
  const isWrong = kind === 1 || kind === 2;
  const base = kind < 2 ? 0.3 : 0.7;
  return {
    predicted: isWrong ? (digitOf(id) + 3) % classes : digitOf(id),
    confidence: base + 0.25 * noise(id, key, 77),
  };
}

function buildExamples(key: number, likeness: number): EpochExamples {
  const ids = range(evaluatedImages);
  const predictions = ids.map((id) => predictionOf(id, key));
  const wrong = ids.filter((id) => predictions[id]?.predicted !== digitOf(id));
  const levelsOf = (id: number, salt: number): number[] => [
    ...drawMap(drawDigit(digitOf(id), id), likeness, key * 100 + id + salt),
  ];
  const column = (salt: number): Float32Array =>
    Float32Array.from(ids, (id) => likeness - 0.2 + 0.4 * noise(id, key, salt));
  return {
    exampleIds: Uint32Array.from(ids),
    labels: Uint8Array.from(ids, digitOf),
    maskArea: new Float32Array(ids.length).fill(0.15),
    probabilities: Float32Array.from(
      predictions.flatMap(({ predicted, confidence }) =>
        range(classes).map((k) =>
          k === predicted ? confidence : (1 - confidence) / (classes - 1),
        ),
      ),
    ),
    classes,
    mapSize,
    camLevels: Uint8Array.from(ids.flatMap((id) => levelsOf(id, 0))),
    camScales: new Float32Array(ids.length).fill(2),
    measures: byName(recordedMetricNames, (name) => column(1 + recordedMetricNames.indexOf(name))),
    labelMaps: {
      positions: Uint32Array.from(wrong),
      camLevels: Uint8Array.from(wrong.flatMap((id) => levelsOf(id, 50))),
      camScales: new Float32Array(wrong.length).fill(2),
    },
  };
}

export interface FigureRunOptions {
  name: string;
  paradigm: 'C' | 'R';
  seed?: number;
  config?: Changes;
  lastEpoch?: number;
  /** Of every epoch, in place of what it would have. */
  metrics?: Partial<EpochMetrics>;
}

/** A data folder with figures to draw from, and the same objects as the application reads it with. */
export class FigureFolder {
  readonly history: History;
  readonly source: FigureSource;
  readonly #dataDir: string;
  readonly #library: DatasetLibrary;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.history = openHistory({ dataDir, version: 'test' });
    this.#library = new DatasetLibrary(join(dataDir, 'datasets'), this.history.datasets);
    const cache = new DatasetCache(this.#library);
    this.source = createFigureSource(this.history, cache, fakeExplaining);
  }

  async importDigits(name: string, shift = 0): Promise<DatasetRecord> {
    const path = join(this.#dataDir, `${name}-files`);
    writeIdx(path, shift);
    return this.#library.import({ format: 'idx', path, name });
  }

  addRun(dataset: DatasetRecord, options: FigureRunOptions): string {
    const { name, paradigm, seed = 1, config = {}, lastEpoch = 3, metrics = {} } = options;
    const preset = presets[paradigm === 'C' ? 'mnist-c' : 'mnist-r'];
    const { id } = this.history.runs.insert({
      name,
      experiment: 'figures',
      config: withSettings(preset, { dataset: dataset.name, ...config }),
      seed,
    });
    const test = Uint32Array.from(range(evaluatedImages));
    const [train, validation] = [Uint32Array.of(0, 1, 2), Uint32Array.of(3)];
    this.history.splits.assign(id, dataset.id, { train, validation, test });
    this.history.runs.setStarted(id, engine, {});
    for (const epoch of range(lastEpoch + 1)) this.addEpoch(id, epoch, metrics);
    this.history.runs.setStatus(id, 'completed');
    this.history.audits.insert(id, listFakeAudits(this.history.runs.get(id), lastEpoch));
    return id;
  }

  /** The next epoch of a run: better than the one before, and the best so far. */
  addEpoch(runId: string, epoch: number, given: Partial<EpochMetrics> = {}): void {
    const { config, seed } = this.source.getRun(runId);
    const isR = paradigmOf(config) === 'R';
    const values = Float32Array.of(epoch);
    this.history.insertEpoch(runId, {
      metrics: buildMetrics({
        epoch,
        validationLoss: 1 / (epoch + 1) + seed / 100,
        testAccuracy: 0.9 + epoch / 100 + seed / 1000,
        mapMeans: buildMapMeans({
          inputCorrelation: (isR ? 0.6 : 0.2) + epoch / 100 + seed / 1000,
          iou: 0.125,
        }),
        ...given,
      }),
      examples: buildExamples(epoch + 10 * seed + (isR ? 5 : 0), isR ? 0.7 : 0.3),
      weights: encodeSafetensors({ tensors: { w: { shape: [1], values } }, metadata: {} }),
      checkpoint: Uint8Array.of(epoch),
    });
  }

  close(): void {
    this.history.close();
  }
}

/** One specification of every template, of runs named `digits C` and `digits R`. */
export const figureSpecs = [
  { template: 'cam-pair', run: 'digits R', example: 3 },
  {
    template: 'cam-evolution',
    rows: [
      { run: 'digits C', example: 3 },
      { run: 'digits R', example: 3 },
    ],
  },
  { template: 'paradigm-grid', runs: ['digits C', 'digits R'], examples: [3, 4] },
  { template: 'low-confidence-grid', run: 'digits R' },
  { template: 'misclassified-grid', run: 'digits R' },
  { template: 'explainer-grid', run: 'digits R', examples: [3, 4] },
  { template: 'concept-atlas', run: 'digits R', channels: 2, images: 2 },
  { template: 'training-curves', runs: ['digits C', 'digits R'] },
  { template: 'confusion-matrix', run: 'digits R' },
  { template: 'reliability-diagram', runs: ['digits C', 'digits R'] },
  { template: 'confidence-histogram', runs: ['digits C', 'digits R'] },
  { template: 'accuracy-fidelity', runs: ['digits C', 'digits R'] },
  { template: 'metric-distribution', runs: ['digits C', 'digits R'] },
  { template: 'sanity-cascade', runs: ['digits C', 'digits R'] },
  { template: 'deletion-insertion', runs: ['digits C', 'digits R'] },
  { template: 'method-agreement', runs: ['digits C', 'digits R'] },
];
