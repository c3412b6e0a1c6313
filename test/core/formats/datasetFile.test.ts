import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { decodeDataset, encodeDataset } from '../../../src/core/formats/datasetFile.ts';
import type { DatasetContent } from '../../../src/core/formats/datasetFile.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import type { TensorFile } from '../../../src/core/formats/safetensors.ts';

const content: DatasetContent = {
  imageSize: 2,
  channels: 1,
  classNames: ['cat', 'dög', 'T-shirt/top'],
  mean: 0.1 + 0.2,
  standardDeviation: 1 / 3,
  train: {
    images: Uint8Array.of(0, 1, 2, 3, 252, 253, 254, 255, 8, 9, 10, 11),
    labels: Uint8Array.of(2, 0, 1),
  },
  test: { images: Uint8Array.of(7, 7, 7, 8), labels: Uint8Array.of(1) },
};

function decodeChanged(change: (file: TensorFile) => void): unknown {
  const file = decodeSafetensors(encodeDataset(content), 'x');
  change(file);
  try {
    return decodeDataset(encodeSafetensors(file), 'sets/x.safetensors');
  } catch (error) {
    return error;
  }
}

function expectCorrupt(outcome: unknown, part: string): void {
  expect(outcome).toBeInstanceOf(AfterimageError);
  expect(outcome).toMatchObject({ code: 'CORRUPT_INPUT' });
  const { message, remedy } = outcome as AfterimageError;
  expect(message).toContain('sets/x.safetensors');
  expect(message).toContain(part);
  expect(remedy).toContain('Import');
}

test('what was encoded is decoded, to the bit', () => {
  expect(decodeDataset(encodeDataset(content), 'x')).toEqual(content);
});

const colour: DatasetContent = {
  imageSize: 1,
  channels: 3,
  classNames: ['a', 'b'],
  mean: [0.1 + 0.2, 0.5, 0.25],
  standardDeviation: [1 / 3, 0.125, 1],
  train: { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(0, 1) },
  test: { images: Uint8Array.of(7, 8, 9), labels: Uint8Array.of(1) },
};

test('a set in colour is decoded to the bit, pixel by pixel', () => {
  const file = encodeDataset(colour);
  expect(decodeDataset(file, 'x')).toEqual(colour);
  expect(decodeSafetensors(file, 'x').tensors['train/images']?.shape).toEqual([2, 1, 1, 3]);
});

test('a grey file says what it said before there were colours, so that its checksum stays', () => {
  const { metadata } = decodeSafetensors(encodeDataset(content), 'x');
  expect(metadata).toEqual({
    format: 'afterimage-dataset-1',
    imageSize: '2',
    classNames: JSON.stringify(content.classNames),
    mean: '0.30000000000000004',
    standardDeviation: '0.3333333333333333',
  });
});

test('one value for three channels is refused', () => {
  expect(() => encodeDataset({ ...colour, mean: 0.5 })).toThrow('mean has 1 values for 3');
  expect(() => encodeDataset({ ...content, mean: [0.5, 0.5, 0.5] })).toThrow('3 values for 1');
});

test('a Node Buffer is decoded like any other bytes', () => {
  const surrounded = Buffer.concat([Buffer.alloc(3), encodeDataset(content), Buffer.alloc(5)]);
  expect(decodeDataset(surrounded.subarray(3, -5), 'x')).toEqual(content);
});

test('the file is safetensors with the tensors agreed on', () => {
  const bytes = encodeDataset(content);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as object;
  expect(header).toMatchObject({
    'train/images': { dtype: 'U8', shape: [3, 2, 2], data_offsets: [0, 12] },
    'train/labels': { dtype: 'U8', shape: [3], data_offsets: [12, 15] },
    'test/images': { dtype: 'U8', shape: [1, 2, 2], data_offsets: [15, 19] },
    'test/labels': { dtype: 'U8', shape: [1], data_offsets: [19, 20] },
  });
});

test('the same content gives the same bytes', () => {
  const digest = (): string => createHash('sha256').update(encodeDataset(content)).digest('hex');
  expect(digest()).toBe(digest());
});

test('content that could not be decoded is not encoded', () => {
  const { train } = content;
  expect(() => encodeDataset({ ...content, classNames: ['only'] })).toThrow(RangeError);
  expect(() =>
    encodeDataset({ ...content, train: { ...train, labels: Uint8Array.of(0) } }),
  ).toThrow(RangeError);
});

test('a label without a class is refused', () => {
  const outcome = decodeChanged(({ tensors }) => {
    tensors['test/labels'] = { shape: [1], values: Uint8Array.of(3) };
  });
  expectCorrupt(outcome, 'label 3');
});

test('counts that differ are refused', () => {
  const outcome = decodeChanged(({ tensors }) => {
    tensors['train/labels'] = { shape: [2], values: Uint8Array.of(0, 1) };
  });
  expectCorrupt(outcome, '12 pixels for 2 labels');
});

test('an empty split is refused', () => {
  const outcome = decodeChanged(({ tensors }) => {
    tensors['test/labels'] = { shape: [0], values: new Uint8Array() };
    tensors['test/images'] = { shape: [0, 2, 2], values: new Uint8Array() };
  });
  expectCorrupt(outcome, 'test split has no images');
});

test.each<[string, (file: TensorFile) => void]>([
  ['a missing tensor', ({ tensors }) => delete tensors['train/images']],
  [
    'another element type',
    ({ tensors }) => (tensors['test/labels'] = { shape: [1], values: Int32Array.of(0) }),
  ],
  [
    'another shape',
    ({ tensors }) => (tensors['test/images'] = { shape: [1, 4], values: new Uint8Array(4) }),
  ],
])('%s is refused', (_, change) => {
  expectCorrupt(decodeChanged(change), 'missing or has another shape');
});

test.each([
  ['format', 'another-format'],
  ['classNames', '["a"'],
  ['classNames', '[]'],
  ['imageSize', 'big'],
  ['standardDeviation', '0'],
])('metadata %s = %s is refused', (key, value) => {
  const outcome = decodeChanged(({ metadata }) => (metadata[key] = value));
  expectCorrupt(outcome, 'metadata');
});

test('a file cut short is refused', () => {
  const bytes = encodeDataset(content);
  expect(() => decodeDataset(bytes.subarray(0, -1), 'x.safetensors')).toThrow(/x\.safetensors/);
});

const masked: DatasetContent = {
  ...content,
  train: { ...content.train, masks: Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1) },
  test: { ...content.test, masks: Uint8Array.of(0, 0, 0, 1) },
};

test('masks are part of the file, and so of its checksum', () => {
  const file = encodeDataset(masked);
  expect(decodeDataset(file, 'x')).toEqual(masked);
  expect(decodeSafetensors(file, 'x').tensors['train/masks']?.shape).toEqual([3, 2, 2]);
  const other = { ...masked, test: { ...masked.test, masks: Uint8Array.of(0, 0, 1, 0) } };
  expect(encodeDataset(other)).not.toEqual(file);
});

test.each<[string, DatasetContent, string]>([
  ['of one split alone', { ...masked, test: content.test }, 'only one of its splits has masks'],
  [
    'of another size',
    { ...masked, test: { ...content.test, masks: Uint8Array.of(0, 1) } },
    '2 pixels of masks for 1 images of 2 x 2',
  ],
  [
    'with other values',
    { ...masked, test: { ...content.test, masks: Uint8Array.of(0, 0, 2, 1) } },
    'other values than 0 and 1',
  ],
])('masks %s are not stored', (_, wrong, part) => {
  expect(() => encodeDataset(wrong)).toThrow(part);
});

test('masks of another shape are found in a damaged file', () => {
  const outcome = decodeChanged(({ tensors }) => {
    tensors['train/masks'] = { shape: [12], values: new Uint8Array(12) };
    tensors['test/masks'] = { shape: [1, 2, 2], values: new Uint8Array(4) };
  });
  expectCorrupt(outcome, 'the masks of its train split have another shape');
});
