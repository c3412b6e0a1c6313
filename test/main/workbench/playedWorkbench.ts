import { withSettings, type Changes } from '../../support/settings.ts';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { TrainerListeners } from '../../../src/main/training/trainerHost.ts';
import { openWorkbench, type Workbench } from '../../../src/main/workbench.ts';
import { finishTask } from '../../../src/main/platform/longTask.ts';
import type { NewRun } from '../../../src/shared/contract.ts';
import { presets } from '../../../src/core/config/presets.ts';
import type { EpochResult, TrainerJob } from '../../../src/shared/trainerEvents.ts';
import { makeFolder } from '../../support/digits.ts';
import { makeIdxFiles, writeFiles } from '../datasets/builders.ts';
import { engine, makeEpoch } from '../store/fixtures.ts';

/** What a trainer finds out in an epoch about the images of its split. */
export function makeResult({ split }: TrainerJob, epoch: number): EpochResult {
  const result = makeEpoch(epoch, { count: split.test.length, classes: 2 });
  return { ...result, examples: { ...result.examples, exampleIds: split.test } };
}

export interface FakeTrainer extends TrainerListeners {
  job: TrainerJob;
}

interface PlayedOptions {
  threads?: number;
  checkpointIntervalMs?: number;
  /** IDX files of the data set `squares`; by default those of `squareFiles`. */
  files?: Record<string, Uint8Array>;
}

/** 40 + 20 images in two classes, as small as the model takes them. */
export const squareFiles = (): Record<string, Uint8Array> => makeIdxFiles(40, 20, 2, 8);

/** The pixels of one of them. */
export const squarePixels = (index: number): number[] =>
  Array.from({ length: 64 }, (_, p) => 4 * index + (p % 4));

/** A workbench with the data set `squares`, whose trainers the test plays. */
export async function makeWorkbench({
  files: contents = squareFiles(),
  ...options
}: PlayedOptions = {}) {
  const dataDir = makeFolder();
  const trainers: FakeTrainer[] = [];
  const workbench = await openWorkbench({
    dataDir,
    jobs: 1,
    ...options,
    startTrainer: (_, listeners) => ({
      send: (command) => {
        if (command.type === 'start') trainers.push({ ...listeners, job: command.job });
        else {
          listeners.event({ type: 'paused', checkpoint: Uint8Array.of(9) });
          listeners.exit('exit code 0');
        }
      },
      kill: () => undefined,
    }),
  });
  onTestFinished(() => workbench.close());
  const files = join(dataDir, 'files');
  await writeFiles(files, contents);
  const request = { format: 'idx', path: files, name: 'squares' } as const;
  await finishTask(await workbench.api.datasets.import(request, {}), () => undefined);
  const next = (): Promise<FakeTrainer> => vi.waitUntil(() => trainers.shift());
  return { workbench, next, dataDir };
}

export const squares = (change: Changes = {}): NewRun => ({
  name: 'a run',
  experiment: 'an experiment',
  config: withSettings(presets['mnist-c'], { dataset: 'squares', testExamples: 3, ...change }),
  seed: 4,
});

export const create = async (workbench: Workbench): Promise<string> => {
  const [run] = await workbench.api.runs.create({ runs: [squares()], engine: 'wasm' }, {});
  return run?.id ?? '';
};

export function playEpochs(trainer: FakeTrainer, last: number): void {
  trainer.event({ type: 'started', engine, environment: { node: '24' } });
  for (let epoch = 0; epoch <= last; epoch += 1) {
    trainer.event({ type: 'epoch', result: makeResult(trainer.job, epoch) });
  }
}

export async function finishRun(workbench: Workbench, trainer: FakeTrainer): Promise<void> {
  trainer.event({ type: 'completed', reason: 'allEpochs' });
  trainer.exit('exit code 0');
  await workbench.training.idle;
}
