import { expect, it } from 'vitest';
import { byName, recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { indexPositions, readEpochColumns } from '../../../src/renderer/examples/epochColumns.ts';
import { TensorReader } from '../../../src/renderer/examples/tensorFile.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { encodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import type { NamedTensor } from '../../../src/core/formats/safetensors.ts';

const floats = (...values: number[]): NamedTensor => ({
  shape: [values.length],
  values: Float32Array.from(values),
});
const tensors: Record<string, NamedTensor> = {
  exampleIds: { shape: [2], values: Uint32Array.of(3, 8) },
  labels: { shape: [2], values: Uint8Array.of(1, 0) },
  predictedClasses: { shape: [2], values: Uint8Array.of(1, 1) },
  probabilities: { shape: [2, 2], values: Float32Array.of(0.25, 0.75, 0.375, 0.625) },
  ...byName(recordedMetricNames, () => floats(0, 1)),
  inputCorrelation: floats(0.5, Number.NaN),
  maskArea: floats(0.5, 0.5),
  camLevels: { shape: [2, 3, 3], values: new Uint8Array(18) },
  camScales: floats(2, 0),
};
const open = (changed: Record<string, NamedTensor | undefined> = {}) => {
  const kept = Object.entries({ ...tensors, ...changed }).flatMap(([name, tensor]) =>
    tensor === undefined ? [] : [[name, tensor] as const],
  );
  const metadata = { classNames: '["cat","dog"]', imageSize: '9' };
  const bytes = encodeSafetensors({ tensors: Object.fromEntries(kept), metadata });
  return TensorReader.fromBlob(new Blob([bytes.slice().buffer]), 'Epoch 4');
};

it('reads columns and adds what follows from the probabilities', async () => {
  const columns = readEpochColumns(await open(), 4);
  expect(columns).toMatchObject({ epoch: 4, count: 2, classes: 2, maps: { mapSize: 3 } });
  expect(columns).toMatchObject({ classNames: ['cat', 'dog'], imageSize: 9 });
  expect([...columns.confidence]).toEqual([0.75, 0.625]);
  expect([...columns.confidenceMargin]).toEqual([0.5, 0.25]);
  expect([...columns.measures.inputCorrelation]).toEqual([0.5, Number.NaN]);
});

it.each([
  ['has no camScales', { camScales: undefined }],
  ['labels is no Uint8Array', { labels: floats(1, 0) }],
])('says what is wrong with a file: %s', async (what, changed) => {
  const file = await open(changed);
  expect(() => readEpochColumns(file, 4)).toThrow(AfterimageError);
  expect(() => readEpochColumns(file, 4)).toThrow(`Epoch 4 cannot be shown: `);
  expect(() => readEpochColumns(file, 4)).toThrow(what);
});

it('finds positions by id', () => {
  expect([...indexPositions(Uint32Array.of(4, 0, 2))]).toEqual([1, -1, 2, -1, 0]);
  expect(indexPositions(new Uint32Array(0))).toHaveLength(0);
});
