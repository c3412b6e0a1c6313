import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { checksumWeights, encodeWeightsFile } from '../../../src/main/export/weightsFile.ts';
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

it('knows the same weights of two runs, and in a file of their own, by one checksum', () => {
  const values = new Float32Array([0.25, -3]);
  const bias = { shape: [1], values: new Float32Array([7]) };
  const store = (runId: string, kernel: Float32Array): Uint8Array =>
    encodeSafetensors({
      tensors: { 'fc/kernel': { shape: [2, 1], values: kernel }, 'fc/bias': bias },
      metadata: { runId },
    });
  const numbers = Buffer.alloc(12);
  for (const [i, value] of [0.25, -3, 7].entries()) numbers.writeFloatLE(value, 4 * i);
  const sum = createHash('sha256').update(numbers).digest('hex');
  const stored = store('first', values);
  expect(checksumWeights(stored)).toBe(sum);
  expect(checksumWeights(store('the second', values))).toBe(sum);
  const run = { name: 'a run', config: presets['mnist-c'] };
  expect(checksumWeights(encodeWeightsFile(stored, run, datasetRecord))).toBe(sum);
  expect(checksumWeights(store('first', values.toReversed()))).not.toBe(sum);
});
