/** A data folder as a researcher has it after weeks, for the measurements of the window. */
import { changeSettings } from '../../src/core/config/settingValues.ts';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetLibrary } from '../../src/main/datasets/library.ts';
import { openHistory } from '../../src/main/store/history.ts';
import type { History } from '../../src/main/store/history.ts';
import { presets } from '../../src/core/config/presets.ts';
import type { DatasetRecord } from '../../src/core/records.ts';
import type { EpochExamples } from '../../src/shared/trainerEvents.ts';
import {
  checkpointBytes,
  count,
  makeExamples,
  makeMetrics,
  random,
  randomBytes,
  weightsBytes,
} from '../storeData.ts';

/** What `fillFolder` puts into a history. */
export interface FolderContent {
  /** Runs with metrics alone. */
  runs: number;
  /** Epochs of each of them after the untrained one. */
  epochs: number;
  /** Stored epochs, the untrained one included, of one run of each paradigm with 10,000 images; 0 for no such runs. */
  exampleEpochs: number;
}

export interface FilledFolder {
  dataDir: string;
  /** Ids of the runs with images; empty where there are none. */
  runC: string;
  runR: string;
}

const engine = {
  name: 'wasm',
  device: 'WebAssembly SIMD',
  threads: 1,
  deterministic: true,
  versions: { node: process.versions.node },
} as const;

const noDigests = { examples: '', weights: '' };
const noBytes = { all: 0, maps: 0, weights: 0 };

const presetNames = ['mnist-c', 'mnist-r', 'fashion-c', 'fashion-r'] as const;

/** Runs of four configurations and 250 seeds each, as a sweep leaves them; without examples. */
function insertTable(history: History, { runs, epochs }: FolderContent): void {
  history.transaction(() => {
    for (let run = 1; run <= runs; run += 1) {
      const preset = presetNames[run % 4] ?? 'mnist-c';
      const seed = Math.ceil(run / 4);
      const { id } = history.runs.insert({
        name: `${preset} seed ${seed}`,
        experiment: `sweep ${Math.ceil(run / 40)}`,
        config: changeSettings(presets[preset], {
          'optimizer.learningRate': run % 8 < 4 ? 1e-3 : 3e-4,
        }),
        seed,
      });
      history.runs.setStarted(id, engine, {});
      for (let epoch = 0; epoch <= epochs; epoch += 1) {
        history.epochs.insert(run, makeMetrics(epoch), noDigests, noBytes);
      }
      history.runs.setStatus(id, 'completed');
      if (run % 7 === 0) history.tags.change(id, { add: ['paper'] });
    }
  });
}

function insertBrowsed(
  history: History,
  { name, dataset, epochs }: { name: 'C' | 'R'; dataset: DatasetRecord; epochs: EpochExamples[] },
): string {
  const { id } = history.runs.insert({
    name: `browsed ${name}`,
    experiment: 'browsed',
    config: changeSettings(presets[name === 'C' ? 'mnist-c' : 'mnist-r'], {
      'training.epochs': epochs.length - 1,
    }),
    seed: 1,
  });
  history.splits.assign(id, dataset.id, {
    train: Uint32Array.from({ length: 54_000 }, (_, i) => i),
    validation: Uint32Array.from({ length: 6_000 }, (_, i) => 54_000 + i),
    test: Uint32Array.from({ length: count }, (_, i) => i),
  });
  history.runs.setStarted(id, engine, {});
  const [weights, checkpoint] = [randomBytes(weightsBytes), randomBytes(checkpointBytes)];
  for (const [epoch, examples] of epochs.entries()) {
    history.insertEpoch(id, { metrics: makeMetrics(epoch), examples, weights, checkpoint });
  }
  history.runs.setStatus(id, 'completed');
  return id;
}

/** Makes MNIST available in a new data folder and stores runs in it; takes about half a minute. */
export async function fillFolder(dataDir: string, content: FolderContent): Promise<FilledFolder> {
  mkdirSync(dataDir, { recursive: true });
  const history = openHistory({ dataDir, version: 'bench' });
  const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
  const dataset = await library.ensureBuiltin('mnist');
  insertTable(history, content);
  const filled = { dataDir, runC: '', runR: '' };
  if (content.exampleEpochs > 0) {
    const epochs = Array.from({ length: content.exampleEpochs }, (_, epoch) => makeExamples(epoch));
    filled.runC = insertBrowsed(history, { name: 'C', dataset, epochs });
    // The same epochs in another order: as different from the first run as another run would be.
    const others = epochs.toSorted(() => random.uniform() - 0.5);
    filled.runR = insertBrowsed(history, { name: 'R', dataset, epochs: others });
  }
  history.close();
  return filled;
}

/**
 * Calls `work` with such a folder, which is gone afterwards; or, where the environment names one in
 * AFTERIMAGE_BENCH_FOLDER, with that one, made at its first use.
 */
export async function withFolder(
  content: FolderContent,
  work: (filled: FilledFolder) => Promise<void>,
): Promise<void> {
  const kept = process.env['AFTERIMAGE_BENCH_FOLDER'];
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
  const note = join(dataDir, 'filled.json');
  try {
    if (!existsSync(note)) {
      writeFileSync(note, JSON.stringify(await fillFolder(dataDir, content)));
    }
    await work(JSON.parse(readFileSync(note, 'utf8')) as FilledFolder);
  } finally {
    if (kept === undefined) rmSync(dataDir, { recursive: true });
  }
}
