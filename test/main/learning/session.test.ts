import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { termNames } from '../../../src/core/config/objectives/registry.ts';
import { createCamReconstructor } from '../../../src/core/maps/cam.ts';
import { computeMask, defaultMask } from '../../../src/core/metrics/foreground.ts';
import { createMapMeasures } from '../../../src/core/metrics/mapMeasures.ts';
import { computeLuminance } from '../../../src/core/pixels.ts';
import { Random } from '../../../src/core/random.ts';
import type { DatasetContent } from '../../../src/core/formats/datasetFile.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import type { BatchTerms } from '../../../src/main/learning/objective/batchTerms.ts';
import { TrainingSession } from '../../../src/main/learning/session.ts';
import { makeTinyDataset, makeTinyJob } from '../../support/tinyRun.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

function openSession(dataset: DatasetContent, paradigm: 'C' | 'R' = 'C'): TrainingSession {
  const { config } = makeTinyJob({ paradigm });
  const session = new TrainingSession(engine, config, dataset);
  onTestFinished(() => {
    session.close();
  });
  session.writeState(session.initialState(Random.fromSeed(4)));
  return session;
}

/** [probabilities, cross-entropy, ...] of test images. */
const predict = (session: TrainingSession, ...indices: number[]): Float32Array[] => {
  const tensors = session.predict(Uint32Array.from(indices));
  const values = tensors.map((tensor) => tensor.dataSync<'float32'>().slice());
  tf.dispose(tensors);
  return values;
};

const train = (session: TrainingSession, indices: number[], learningRate = 0.01): BatchTerms => {
  const scalars = session.optimizer.scalarsAt(learningRate, 1);
  const place = { seed: 1, epoch: 1, step: 0 };
  const [terms] = session.train([{ indices: Uint32Array.from(indices), place, scalars }]);
  return terms as BatchTerms;
};

const indices = [0, 1, 2, 3, 4, 5];

describe('a session', () => {
  it('begins with vectors of the sizes that it names, slots at zero', () => {
    const session = openSession(makeTinyDataset());
    const state = session.initialState(Random.fromSeed(4));
    expect(state.map(({ length }) => length)).toEqual(session.stateSizes);
    expect(state).toHaveLength(2 + session.optimizer.slots.length);
    const size = state[0]?.length ?? 0;
    for (const slot of state.slice(2)) expect(slot).toEqual(new Float32Array(size));
    expect(session.readState()).toEqual(state);
  });

  it.each([
    { steps: 843, atOnce: 61, calls: 14 },
    { steps: 65, atOnce: 33, calls: 2 },
    { steps: 64, atOnce: 64, calls: 1 },
    { steps: 1, atOnce: 1, calls: 1 },
  ])('cuts $steps steps into $calls equal calls', ({ steps, atOnce, calls }) => {
    const session = openSession(makeTinyDataset());
    expect(session.stepsAtOnce(steps)).toBe(atOnce);
    expect(Math.ceil(steps / atOnce)).toBe(calls);
  });

  it('takes one step at once where an epoch has no whole batch', () => {
    expect(openSession(makeTinyDataset()).stepsAtOnce(0)).toBe(1);
  });

  it('learns from the training images at the indices that it is given', () => {
    const session = openSession(makeTinyDataset());
    const losses = Array.from({ length: 8 }, () => train(session, indices).loss);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const others = openSession(makeTinyDataset());
    expect(train(others, [6, 7, 8, 9, 10, 11]).loss).not.toBe(losses[0]);
  });

  it('validates on training images, predicts test images, and changes nothing by either', () => {
    const dataset = makeTinyDataset();
    const session = openSession({ ...dataset, test: dataset.train });
    train(session, indices);
    const state = session.readState();
    const { loss, correct, terms } = session.validate(Uint32Array.from(indices));
    const [probabilities = [], crossEntropy = []] = predict(session, ...indices);
    const labels = indices.map((i) => dataset.train.labels[i] ?? 0);
    // What the probabilities say, of the same images.
    const losses = labels.map((label, i) => -Math.log(probabilities[i * 3 + label] ?? 0));
    losses.forEach((expected, i) => {
      expect(crossEntropy[i]).toBeCloseTo(expected, 4);
    });
    expect(loss).toBeCloseTo(losses.reduce((sum, one) => sum + one, 0) / losses.length, 4);
    expect(terms).toEqual({ crossEntropy: loss });
    const right = labels.filter((label, i) => {
      const row = probabilities.slice(i * 3, i * 3 + 3);
      return row[label] === Math.max(...row);
    });
    expect(correct).toBe(right.length);
    expect(session.readState()).toEqual(state);
  });

  it('maps test images for their labels: for one predicted right, the map of the prediction', () => {
    const dataset = makeTinyDataset();
    const session = openSession(dataset);
    const [probabilities = new Float32Array()] = predict(session, 0);
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    const relabel = (label: number): TrainingSession => {
      const labels = dataset.test.labels.slice().fill(label);
      return openSession({ ...dataset, test: { ...dataset.test, labels } });
    };
    const mapOf = (of: TrainingSession): number[] => {
      const map = of.computeLabelMaps(Uint32Array.of(0));
      const values = [...map.dataSync()];
      map.dispose();
      return values;
    };
    const [, , camMap = []] = predict(session, 0);
    expect(mapOf(relabel(predicted))).toEqual([...camMap]);
    expect(mapOf(relabel((predicted + 1) % 3))).not.toEqual([...camMap]);
  });

  it('in paradigm R adds the contrastive term by its weight', () => {
    const session = openSession(makeTinyDataset(), 'R');
    const { loss, terms } = session.validate(Uint32Array.from(indices));
    const { crossEntropy = 0, contrastive = 0 } = terms;
    expect(contrastive).toBeGreaterThan(0);
    const { weight = 0 } = makeTinyJob().config.objective.contrastive ?? {};
    expect(loss).toBeCloseTo(crossEntropy + weight * contrastive, 5);
  });

  it('measures maps by the mask of its configuration', () => {
    const bright = makeTinyDataset();
    const images = bright.test.images.map((level) => level / 3);
    const dataset = { ...bright, test: { ...bright.test, images } };
    const { config } = makeTinyJob({ 'cam.mask': 'otsu' });
    const session = new TrainingSession(engine, config, dataset);
    session.writeState(session.initialState(Random.fromSeed(4)));
    const [, , map = new Float32Array(0), area, , energy, iou] = predict(session, 3);
    session.close();
    const cam = createCamReconstructor(2, 8)(map, new Float32Array(64));
    const image = computeLuminance(dataset.test.images.subarray(3 * 64, 4 * 64), 1);
    const names = ['energyInside', 'iou'] as const;
    const expected = createMapMeasures(names, 8, config.cam)(cam, image);
    expect(energy?.[0]).toBeCloseTo(expected.energyInside, 5);
    expect(iou?.[0]).toBeCloseTo(expected.iou, 5);
    const inside = computeMask(config.cam, image).filter((value) => value === 1).length;
    expect(area?.[0]).toBeCloseTo(inside / 64, 6);
    expect(inside).toBeGreaterThan(0);
    expect(computeMask(defaultMask, image)).not.toContain(1);
  });

  // The window of SSIM is larger than these images.
  const everyTerm = termNames.filter((name) => name !== 'ssim').join('+');
  it.each([{}, { objective: everyTerm, 'cam.mask': 'otsu' }])(
    'leaves no tensor behind: %o',
    (by) => {
      const before = tf.memory().numTensors;
      const { config } = makeTinyJob(by);
      const session = new TrainingSession(engine, config, makeTinyDataset());
      session.writeState(session.initialState(Random.fromSeed(4)));
      train(session, indices);
      session.validate(Uint32Array.from(indices));
      predict(session, 1, 2);
      session.close();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
