import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byName, recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import {
  explainedClass,
  frameAt,
  hasMapsOf,
  mapsFor,
  mergeEpochs,
  nearestEpoch,
  readExampleHistory,
  targetClassParam,
} from '../../../src/renderer/examples/exampleHistory.ts';
import type { ExampleHistory } from '../../../src/renderer/examples/exampleHistory.ts';
import { TensorReader } from '../../../src/renderer/examples/tensorFile.ts';
import type { NamedTensor } from '../../../src/core/formats/safetensors.ts';

const vector = (...values: number[]): NamedTensor => ({
  shape: [values.length],
  values: Float32Array.from(values),
});
const maps = (epochs: number, level: number): NamedTensor => ({
  shape: [epochs, 2, 2],
  values: new Uint8Array(epochs * 4).fill(level),
});

function buildHistory(
  epochs: number[],
  metadata: Record<string, string> = {},
  more: Record<string, NamedTensor> = {},
): ExampleHistory {
  const probabilities = epochs.flatMap((_, i) => (i % 2 === 0 ? [0.25, 0.75] : [0.625, 0.375]));
  const nothing = vector(...epochs.map(() => 0));
  const tensors: Record<string, NamedTensor> = {
    epochs: { shape: [epochs.length], values: Uint32Array.from(epochs) },
    label: { shape: [1], values: Uint8Array.of(0) },
    probabilities: { shape: [epochs.length, 2], values: Float32Array.from(probabilities) },
    ...byName(recordedMetricNames, () => nothing),
    predictedLevels: maps(epochs.length, 1),
    predictedScales: nothing,
    labelLevels: maps(epochs.length, 2),
    labelScales: nothing,
    image: { shape: [4, 4], values: new Uint8Array(16) },
    ...more,
  };
  const file = { tensors, metadata: { imageSize: '4', ...metadata } };
  return readExampleHistory(new TensorReader(file, 'History'), 'run', 7);
}

it('reads a history and who is predicted when', () => {
  const history = buildHistory([0, 1, 2], { classNames: '["zero","one"]' });
  expect(history).toMatchObject({
    exampleId: 7,
    label: 0,
    imageSize: 4,
    classNames: ['zero', 'one'],
  });
  expect([...history.predictedClasses]).toEqual([1, 0, 1]);
  expect([...history.confidence]).toEqual([0.75, 0.625, 0.75]);
});

it('has the mask of the image where the data set brings one', () => {
  const values = Uint8Array.from({ length: 16 }, (_, i) => i % 2);
  const mask = { shape: [4, 4], values };
  expect(buildHistory([0], {}, { mask }).mask).toEqual(values);
  expect(buildHistory([0]).mask).toBeNull();
});

it('holds why there is no image in place of it', () => {
  const problem = { code: 'NOT_FOUND', message: 'Gone.', remedy: 'Import it.' };
  const history = buildHistory([0, 1], { imageProblem: JSON.stringify(problem) });
  expect(history).toMatchObject({ image: null, imageProblem: problem, imageSize: 4 });
  expect(buildHistory([0]).imageProblem).toBeNull();
});

it('names classes by number where they have no name', () => {
  expect(buildHistory([0]).classNames).toEqual(['0', '1']);
  expect(buildHistory([0], { classNames: '["cat"]' }).classNames).toEqual(['cat', '1']);
});

it('shows the map of the class asked for', () => {
  const history = buildHistory([0, 1]);
  expect(explainedClass(history, 0, 'predicted')).toBe(1);
  expect(explainedClass(history, 0, 'label')).toBe(0);
  expect(mapsFor(history, 0, 'predicted')).toBe(history.predictedMaps);
  expect(mapsFor(history, 0, 'label')).toBe(history.labelMaps);
  expect(mapsFor(history, 1, 'label')).toBe(history.predictedMaps);
});

it('shows the map of any class once it is there', () => {
  const history = buildHistory([0, 1]);
  expect(hasMapsOf(history, 'label')).toBe(true);
  expect(hasMapsOf(history, 1)).toBe(false);
  const classMaps = [history.labelMaps, history.predictedMaps];
  const whole = { ...history, classMaps };
  expect([0, 1, 2].map((k) => hasMapsOf(whole, k))).toEqual([true, true, false]);
  expect(explainedClass(whole, 0, 0)).toBe(0);
  expect(mapsFor(whole, 0, 0)).toBe(history.labelMaps);
});

it('writes the class asked for into the URL', () => {
  for (const target of ['predicted', 'label', 0, 9] as const) {
    expect(targetClassParam.parse(targetClassParam.format(target))).toBe(target);
  }
  expect(targetClassParam.parse('-1')).toBe('predicted');
  expect(targetClassParam.parse('many')).toBe('predicted');
});

it('holds the last frame of a shorter run', () => {
  const epochs = Uint32Array.of(0, 1, 2, 5);
  expect([0, 1, 4, 5, 30].map((epoch) => frameAt(epochs, epoch))).toEqual([0, 1, 2, 3, 3]);
  expect(frameAt(Uint32Array.of(3), 0)).toBe(0);
  expect(frameAt(new Uint32Array(0), 0)).toBe(-1);
});

it('moves two runs on one axis', () => {
  expect(mergeEpochs([buildHistory([0, 1, 2]), buildHistory([0, 2, 4])])).toEqual([0, 1, 2, 4]);
});

it('finds the nearest stored epoch', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.nat(60), (epochs, wished) => {
      const found = nearestEpoch(epochs, wished) ?? Number.NaN;
      expect(epochs).toContain(found);
      const distance = Math.min(...epochs.map((epoch) => Math.abs(epoch - wished)));
      expect(Math.abs(found - wished)).toBe(distance);
    }),
  );
  expect(nearestEpoch([], 3)).toBeNull();
});
