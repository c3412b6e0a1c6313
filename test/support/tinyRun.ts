import { withSettings, type Changes } from './settings.ts';
import type { DatasetContent } from '../../src/core/formats/datasetFile.ts';
import { presets } from '../../src/core/config/presets.ts';
import { Random } from '../../src/core/random.ts';
import type { TrainerEvent, TrainerJob } from '../../src/shared/trainerEvents.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import type { Making } from '../../src/main/learning/session.ts';
import { trainRun } from '../../src/main/learning/trainer.ts';

const imageSize = 8;
const classes = 3;

/** Noisy bars at a height that tells the class: learnt within a few steps. */
function makeSplit(count: number, random: Random): DatasetContent['train'] {
  const images = new Uint8Array(count * imageSize ** 2);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  images.forEach((_, p) => {
    const [image, row] = [Math.floor(p / imageSize ** 2), Math.floor(p / imageSize) % imageSize];
    const bar = Math.floor(row / 3) === labels[image];
    images[p] = random.uniform(0, 60) + (bar ? 180 : 0);
  });
  return { images, labels };
}

export function makeTinyDataset(train = 30, test = 12): DatasetContent {
  const random = Random.fromSeed(5);
  return {
    imageSize,
    channels: 1,
    classNames: ['low', 'middle', 'high'],
    mean: 0.3,
    standardDeviation: 0.3,
    train: makeSplit(train, random),
    test: makeSplit(test, random),
  };
}

const range = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to - from }, (_, i) => from + i);

export const makeTinyJob = (
  changes: Changes = {},
  checkpoint: Uint8Array | null = null,
): TrainerJob => ({
  runId: 'tiny',
  config: withSettings(presets['mnist-r'], {
    ...{ batchSize: 8, epochs: 2, learningRate: 0.003 },
    ...changes,
  }),
  seed: 7,
  engine: 'wasm',
  threads: 1,
  engineFolder: null,
  datasetPath: '',
  datasetId: '',
  split: { train: range(0, 24), validation: range(24, 30), test: range(0, 12) },
  checkpoint,
  checkpointIntervalMs: 60_000,
});

/**
 * Trains in this process and returns what was emitted. `pauseAfter` asks for a pause once that many
 * turns have been yielded, wherever training then is. By default a call of the engine is one step.
 */
export async function trainTiny(
  engine: Engine,
  job: TrainerJob,
  {
    dataset = makeTinyDataset(),
    pauseAfter = Number.POSITIVE_INFINITY,
    making,
    callMs = 0,
  }: { dataset?: DatasetContent; pauseAfter?: number; making?: Making; callMs?: number } = {},
): Promise<TrainerEvent[]> {
  const events: TrainerEvent[] = [];
  let turns = 0;
  await trainRun(job, {
    engine,
    dataset,
    callMs,
    ...(making !== undefined && { making }),
    emit: (event) => events.push(event),
    pauseRequested: () => turns >= pauseAfter,
    yieldToMessages: () => {
      turns += 1;
      return Promise.resolve();
    },
  });
  return events;
}
