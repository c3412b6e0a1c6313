import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../../../src/core/formats/safetensors.ts';
import type { Engine } from '../../../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { flattenParameters } from '../../../../../src/main/learning/model/parameters.ts';
import { Random } from '../../../../../src/core/random.ts';
import { TrainingSession } from '../../../../../src/main/learning/session.ts';
import { makeTinyDataset, makeTinyJob, trainTiny } from '../../../../support/tinyRun.ts';
import { resultsOf } from '../../../../support/trainerSuite.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

const model = { model: 'protopnet', objective: 'none', prototypesPerClass: 2 };
const train = async (changes: Record<string, string | number>) => {
  const job = makeTinyJob({ ...model, ...changes });
  const results = resultsOf(await trainTiny(engine, job));
  const files = results.map(({ weights }) => decodeSafetensors(weights, 'an epoch').tensors);
  const read = (epoch: number, name: string): number[] => [...(files[epoch]?.[name]?.values ?? [])];
  return { job, files, read };
};

/** Rows of four. */
const rowsOf = (values: number[]): number[][] =>
  Array.from({ length: values.length / 4 }, (_, i) => values.slice(4 * i, 4 * i + 4));

it('makes of every prototype a patch of a training image of its class', async () => {
  const { job, files, read } = await train({ epochs: 1, lastLayerIterations: 0 });
  const dataset = makeTinyDataset();
  const session = new TrainingSession(engine, job.config, dataset);
  const state = session.initialState(Random.fromSeed(1));
  const { parameters, statistics } = session.model;
  state[0]?.set(flattenParameters(files[1] ?? {}, parameters));
  state[1]?.set(flattenParameters(files[1] ?? {}, statistics));
  session.writeState(state);
  const vectors = read(1, 'prototypes/vectors');
  const channels = vectors.length / 6;
  const sources = rowsOf(read(1, 'prototypes/source'));
  expect(sources).toHaveLength(6);
  sources.forEach(([image = -1, row = -1, column = -1, epoch], p) => {
    expect(epoch).toBe(1);
    expect(job.split.train).toContain(image);
    expect(dataset.train.labels[image]).toBe(Math.floor(p / 2));
    const map = session.outputsOf('addOn2.sigmoid', Uint32Array.of(image));
    const place = (row * Math.sqrt(map.length / channels) + column) * channels;
    const patch = map.slice(place, place + channels);
    const own = vectors.slice(p * channels, (p + 1) * channels);
    const distance = own.reduce((sum, value, k) => sum + (value - (patch[k] ?? 0)) ** 2, 0);
    // In a batch of its own an image's sums may be added up in another order.
    expect(distance).toBeLessThan(1e-10);
  });
  session.close();
});

it('does so every so many epochs, and steps move them from there', async () => {
  const { read } = await train({ epochs: 3, projectEvery: 2, lastLayerIterations: 5 });
  const epochs = [0, 1, 2, 3].map((epoch) => rowsOf(read(epoch, 'prototypes/source')));
  expect(epochs.map((rows) => [...new Set(rows.map((row) => row[3]))])).toEqual([
    ...[[-1], [-1], [2], [2]],
  ]);
  expect(read(3, 'prototypes/vectors')).not.toEqual(read(2, 'prototypes/vectors'));
});

it('leaves the last layer to the phase behind a projection', async () => {
  const start = Array.from({ length: 18 }, (_, i) => (Math.floor(i / 6) === i % 3 ? 1 : -0.5));
  const { read } = await train({ epochs: 2, projectEvery: 2, lastLayerIterations: 5 });
  expect(read(1, 'dense/kernel')).toEqual(start);
  expect(read(2, 'dense/kernel')).not.toEqual(start);
  const without = await train({ epochs: 2, projectEvery: 2, lastLayerIterations: 0 });
  expect(without.read(2, 'dense/kernel')).toEqual(start);
});

it('leaves no tensor behind, whatever else is minimised', async () => {
  const before = tf.memory().numTensors;
  await train({ epochs: 1, objective: 'l1' });
  expect(tf.memory().numTensors).toBe(before);
});
