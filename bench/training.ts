/** Training on noise in the shape of MNIST, as the trainer does it: a step takes as long on it. */
import type { DatasetContent } from '../src/core/formats/datasetFile.ts';
import { expandOverrides } from '../src/core/config/configOverrides.ts';
import { presets } from '../src/core/config/presets.ts';
import { Random } from '../src/core/random.ts';
import type { Engine } from '../src/main/learning/engine/engine.ts';
import { TrainingSession, type TrainingStep } from '../src/main/learning/session.ts';

/** How long a call of the trainer's takes, ms. */
const callMs = 40;
const batches = 20;

function makeImages(count: number): DatasetContent['train'] {
  const random = Random.fromSeed(1);
  const images = Uint8Array.from({ length: count * 784 }, () => random.uniform(0, 256));
  return { images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
}

export interface Training {
  /** As many steps as a call takes -> how many. */
  train: () => number;
  close: () => void;
}

/** @param set settings besides, as `name=value` */
export function startTraining(
  engine: Engine,
  paradigm: 'C' | 'R',
  batchSize: number,
  set: readonly string[] = [],
): Training {
  const images = makeImages(batches * batchSize);
  const dataset: DatasetContent = {
    imageSize: 28,
    channels: 1,
    classNames: Array.from('0123456789'),
    mean: 0.1307,
    standardDeviation: 0.3081,
    train: images,
    test: images,
  };
  const base = { name: 'It', config: presets[paradigm === 'C' ? 'mnist-c' : 'mnist-r'] };
  // Batches of another size than the configuration's are rare to a run, and nothing compiles for them.
  const [[variant] = []] = expandOverrides([base], [`batchSize=${batchSize}`, ...set]);
  const session = new TrainingSession(engine, variant?.config ?? base.config, dataset);
  session.writeState(session.initialState(Random.fromSeed(1)));
  const order = Uint32Array.from({ length: batches * batchSize }, (_, i) => i);
  let [step, atOnce] = [0, 1];
  const next = (): TrainingStep => {
    const start = (step % batches) * batchSize;
    const place = { seed: 1, epoch: 1, step };
    step += 1;
    const scalars = session.optimizer.scalarsAt(1e-3, step);
    return { indices: order.subarray(start, start + batchSize), place, scalars };
  };
  const train = (): number => session.train(Array.from({ length: atOnce }, next)).length;
  while (step < 10) train();
  const began = performance.now();
  while (step < 20) train();
  // As the trainer does it.
  const most = session.stepsAtOnce(64);
  const fitting = Math.round((10 * callMs) / (performance.now() - began));
  atOnce = engine.fullCalls ? most : Math.max(1, Math.min(most, fitting));
  const close = (): void => {
    session.close();
  };
  return { train, close };
}
