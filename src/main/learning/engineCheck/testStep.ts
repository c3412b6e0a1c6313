import { isDeepStrictEqual } from 'node:util';
import type { DatasetContent } from '../../../core/formats/datasetFile.ts';
import { presets } from '../../../core/config/presets.ts';
import { changeSettings } from '../../../core/config/settingValues.ts';
import { Random } from '../../../core/random.ts';
import { TrainingSession } from '../session.ts';
import type { Engine } from '../engine/engine.ts';
import { openWasmEngine } from '../engine/wasm/wasmEngine.ts';

const [batchSize, imageSize] = [4, 16];
/** Plain gradient descent: what changes in a parameter is its gradient. */
const config = changeSettings(presets['mnist-r'], { optimizer: 'sgd', 'optimizer.momentum': 0 });
const learningRate = 1;

function makeDataset(): DatasetContent {
  const random = Random.fromSeed(2);
  const images = Uint8Array.from({ length: batchSize * imageSize ** 2 }, () =>
    random.uniform(0, 256),
  );
  const split = { images, labels: Uint8Array.of(3, 1, 4, 1) };
  const classNames = Array.from('01234');
  return {
    imageSize,
    channels: 1,
    classNames,
    mean: 0.5,
    standardDeviation: 0.3,
    train: split,
    test: split,
  };
}

/** Loss terms, then how parameters and running statistics changed, each as a list of its own. */
function computeStep(engine: Engine): Float32Array[] {
  const random = Random.fromSeed(1);
  const session = new TrainingSession(engine, config, makeDataset());
  const before = session.initialState(random);
  session.writeState(before);
  const mask = new Float32Array(batchSize * session.model.features);
  random.fillBernoulli(mask, 0.5, 2);
  const indices = Uint32Array.from({ length: batchSize }, (_, i) => i);
  const { terms, ...sums } = session.train(indices, mask, [learningRate]);
  const changes = session
    .readState()
    .slice(0, 2)
    .map((after, i) => after.map((value, k) => value - (before[i]?.[k] ?? 0)));
  session.close();
  return [Float32Array.from([...Object.values(sums), ...Object.values(terms)]), ...changes];
}

/** Whether the engine gives the same bits when the test step is done again, from the same state. */
export function repeatsTestStep(engine: Engine): boolean {
  const [once, again] = [computeStep(engine), computeStep(engine)];
  return isDeepStrictEqual(once, again);
}

/** Largest difference relative to the largest expected magnitude; NaN where one is. */
function computeRelativeDifference(expected: Float32Array, found: Float32Array): number {
  const largest = (values: Float32Array): number =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest(expected.map((value, i) => value - (found[i] ?? Number.NaN))) / largest(expected);
}

/**
 * Trains one step of paper-cnn under paradigm R on the engine and on the embedded one, from the same
 * state, and returns the largest relative difference of their losses, gradients and statistics.
 * Leaves the embedded engine as tfjs's current one.
 */
export async function runTestStep(engine: Engine): Promise<number> {
  const found = computeStep(engine);
  const embedded = await openWasmEngine();
  const expected = computeStep(embedded);
  const differences = expected.map((values, i) =>
    computeRelativeDifference(values, found[i] ?? new Float32Array(0)),
  );
  return Math.max(...differences);
}
