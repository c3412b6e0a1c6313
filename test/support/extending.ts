import { onTestFinished } from 'vitest';
import { presets } from '../../src/core/config/presets.ts';
import type { DatasetContent } from '../../src/core/formats/datasetFile.ts';
import type { Run } from '../../src/core/records.ts';
import { Random } from '../../src/core/random.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { lendEngine } from './installedEngine.ts';
import { withSettings, type Changes } from './settings.ts';
import { readNumbers, readRuns } from './storedRun.ts';
import { makeTinyDataset } from './tinyRun.ts';
import { openTinyWorkbench } from './trainHere.ts';

type Paradigm = 'C' | 'R';

/** With labels that mean nothing, so that the validation loss rises and schedules have to act. */
function makeNoise(): DatasetContent {
  const { train, ...rest } = makeTinyDataset(60, 12);
  const labels = Uint8Array.from(Random.fromSeed(2).shuffle([...train.labels]));
  return { ...rest, train: { ...train, labels } };
}

/** A workbench that trains in this process, and how its runs are trained further. */
export async function openExtending(engine: Engine) {
  const { workbench, dataDir } = await openTinyWorkbench(engine, makeNoise());
  onTestFinished(() => workbench.close());
  const { name: engineName } = engine.info;
  if (engineName === 'native') lendEngine(dataDir);
  const { api, training } = workbench;
  const train = async (
    name: string,
    changes: Changes,
    { paradigm = 'C', keepCheckpoints }: { paradigm?: Paradigm; keepCheckpoints?: boolean } = {},
  ): Promise<string> => {
    const config = withSettings(presets[paradigm === 'C' ? 'mnist-c' : 'mnist-r'], {
      ...{ dataset: 'tiny', batchSize: 8, learningRate: 0.01, patience: 4 },
      ...changes,
    });
    const run = { name, experiment: 'tiny', config, seed: 3 };
    const wanted = { runs: [run], engine: engineName, keepCheckpoints };
    const [created] = await api.runs.create(wanted, {});
    await training.idle;
    return created?.id ?? '';
  };
  const extend = async (runId: string, epochs: number): Promise<void> => {
    await api.runs.resume({ runId, epochs }, {});
    await training.idle;
  };
  const plan = (runId: string, epochs: number) => api.runs.extension({ runId, epochs }, {});
  return { workbench, dataDir, train, extend, plan };
}

/** What is stored of a run, its name and the times left out. */
export function contentOf(dataDir: string, runId: string) {
  const run = readRuns(dataDir).find(({ id }) => id === runId) as Run;
  const { config, seed, status, bestEpoch, note, error, datasetId } = run;
  const numbers = readNumbers(dataDir, runId);
  return { config, seed, status, bestEpoch, note, error, datasetId, engine: run.engine, numbers };
}
