import { expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { encodeWeightsFile } from '../../../src/main/export/weightsFile.ts';
import { datasetRecord } from '../store/fixtures.ts';

it('says beside the tensors what it takes to use them', () => {
  const kernel = { shape: [2, 1], values: new Float32Array([0.25, -3]) };
  const stored = encodeSafetensors({ tensors: { 'fc/kernel': kernel }, metadata: { epoch: '2' } });
  const run = { name: 'a run', config: presets['mnist-c'] };
  const { tensors, metadata } = decodeSafetensors(
    encodeWeightsFile(stored, run, datasetRecord),
    'the file',
  );
  expect(tensors).toEqual({ 'fc/kernel': kernel });
  expect(metadata).toMatchObject({
    epoch: '2',
    mean: String(datasetRecord.mean),
    standardDeviation: String(datasetRecord.standardDeviation),
    datasetId: datasetRecord.id,
  });
  expect(JSON.parse(metadata['classNames'] ?? '')).toEqual(datasetRecord.classNames);
  const { imageSize } = datasetRecord;
  expect(JSON.parse(metadata['inputShape'] ?? '')).toEqual([imageSize, imageSize, 1]);
  const layers = JSON.parse(metadata['layers'] ?? '') as { kind: string; outputs?: number }[];
  expect(layers.at(-1)).toMatchObject({ kind: 'dense', outputs: datasetRecord.classNames.length });
});
