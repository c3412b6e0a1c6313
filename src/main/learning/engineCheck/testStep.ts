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
const config = changeSettings(presets['mnist-r'], {
  ...{ optimizer: 'sgd', 'optimizer.momentum': 0, 'training.batchSize': batchSize },
});
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

/** The test step once; see `computeTestSteps`. */
export const computeTestStep = (engine: Engine): Float32Array[] =>
  computeTestSteps(engine, 1)[0] ?? [];

/**
 * The test step so many times, each from the same state: loss terms, then how parameters and running
 * statistics changed, each as a list of its own.
 */
export function computeTestSteps(engine: Engine, times: number): Float32Array[][] {
  const session = new TrainingSession(engine, config, makeDataset());
  const before = session.initialState(Random.fromSeed(1));
  const steps = Array.from({ length: times }, () => computeStep(session, before));
  session.close();
  return steps;
}

function computeStep(session: TrainingSession, before: Float32Array[]): Float32Array[] {
  session.writeState(before);
  const indices = Uint32Array.from({ length: batchSize }, (_, i) => i);
  const place = { seed: 1, epoch: 1, step: 0 };
  const [trained] = session.train([{ indices, place, scalars: [learningRate] }]);
  const { terms = {}, ...sums } = trained ?? {};
  const changes = session
    .readState()
    .slice(0, 2)
    .map((after, i) => after.map((value, k) => value - (before[i]?.[k] ?? 0)));
  return [Float32Array.from([...Object.values(sums), ...Object.values(terms)]), ...changes];
}

/** Whether the engine gives the same bits when the test step is done again, from the same state. */
export function repeatsTestStep(engine: Engine): boolean {
  const [once, again] = computeTestSteps(engine, 2);
  return isDeepStrictEqual(once, again);
}

/** Largest difference relative to the largest expected magnitude; NaN where one is. */
function computeRelativeDifference(expected: Float32Array, found: Float32Array): number {
  const largest = (values: Float32Array): number =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest(expected.map((value, i) => value - (found[i] ?? Number.NaN))) / largest(expected);
}

/** Largest relative difference of two test steps in their losses, gradients and statistics. */
export const compareSteps = (expected: Float32Array[], found: Float32Array[]): number =>
  Math.max(
    ...expected.map((values, i) =>
      computeRelativeDifference(values, found[i] ?? new Float32Array(0)),
    ),
  );

/**
 * Trains one step of paper-cnn under paradigm R on the engine and on the embedded one, from the same
 * state, and returns `compareSteps` of them. Leaves the embedded engine as tfjs's current one.
 */
export async function runTestStep(engine: Engine): Promise<number> {
  const found = computeTestStep(engine);
  return compareSteps(computeTestStep(await openWasmEngine()), found);
}
