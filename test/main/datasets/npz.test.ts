import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { decodeLabels, takeNpy, type NpyArray } from '../../../src/main/datasets/npy.ts';
import { ByteStream } from '../../../src/main/platform/byteStream.ts';
import { loadNpz } from '../../../src/main/datasets/npz.ts';
import { expectError, makeFolder, makeNpy, writeFiles } from './builders.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/datasets');

/** Bytes that make_npz.py gives to `count` images from number `first` on. */
const pixels = (first: number, count: number): number[] =>
  Array.from({ length: 16 * count }, (_, p) => (16 * first + p) % 256);
const labels = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (first + i) % 3);

test('reads what NumPy wrote under the names of Keras', async () => {
  const content = await loadNpz(join(fixtures, 'keras.npz'));
  expect(content.imageSize).toBe(4);
  expect(content.classNames).toEqual(['0', '1', '2']);
  expect([...content.train.images]).toEqual(pixels(0, 6));
  expect([...content.train.labels]).toEqual(labels(0, 6));
  expect([...content.test.images]).toEqual(pixels(6, 3));
  expect([...content.test.labels]).toEqual(labels(6, 3));
  expect(Object.keys(content.sourceChecksums)).toEqual(['keras.npz']);
  expect(content.notes).toEqual([]);
});

test('reads what NumPy wrote under the names of MedMNIST; validation joins training', async () => {
  const content = await loadNpz(join(fixtures, 'medmnist.npz'));
  expect([...content.train.images]).toEqual(pixels(0, 8));
  expect([...content.train.labels]).toEqual(labels(0, 8));
  expect([...content.test.images]).toEqual(pixels(8, 3));
  expect([...content.test.labels]).toEqual(labels(8, 3));
  expect(content.notes).toEqual(['its 2 validation images joined the training split']);
});

const parse = (file: Uint8Array): Promise<NpyArray> =>
  takeNpy(new ByteStream(Readable.from([file])), 'y');
const zeros = (length: number): number[] => new Array<number>(length).fill(0);

test.each([
  ['|u1', [0, 3, 255]],
  ['|i1', [0, 3, 127]],
  ['<u2', [0, 0, 3, 0, 255, 0]],
  ['>u2', [0, 0, 0, 3, 0, 255]],
  ['<i4', [0, 0, 0, 0, 3, 0, 0, 0, 255, 0, 0, 0]],
  ['>i4', [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 255]],
  ['<u8', [...zeros(8), 3, ...zeros(7), 255, ...zeros(7)]],
  ['>i8', [...zeros(15), 3, ...zeros(7), 255]],
] as [string, number[]][])('reads labels of type %s', async (type, bytes) => {
  const array = await parse(makeNpy(type, [3], Uint8Array.from(bytes)));
  expect([...decodeLabels(array)]).toEqual([0, 3, type === '|i1' ? 127 : 255]);
});

test('reads format version 2, with its longer header length', async () => {
  const version1 = makeNpy('|u1', [2], Uint8Array.of(1, 2));
  const version2 = Buffer.concat([
    Buffer.from('\x93NUMPY\x02\x00', 'latin1'),
    version1.subarray(8, 10),
    Buffer.alloc(2),
    version1.subarray(10),
  ]);
  expect([...(await parse(version2)).bytes]).toEqual([1, 2]);
});

const usable = {
  x_train: makeNpy('|u1', [2, 2, 2], Uint8Array.from(Array(8).keys())),
  y_train: makeNpy('|u1', [2], Uint8Array.of(0, 1)),
  x_test: makeNpy('|u1', [1, 2, 2], Uint8Array.from(Array(4).keys())),
  y_test: makeNpy('|u1', [1], Uint8Array.of(1)),
};
type Arrays = Partial<Record<string, Uint8Array>>;

async function makeNpz(change: Arrays): Promise<string> {
  const entries = Object.entries({ ...usable, ...change } as Arrays).flatMap(([name, bytes]) =>
    bytes ? [[`${name}.npy`, bytes] as const] : [],
  );
  const folder = await makeFolder();
  await writeFiles(folder, { 'set.npz': zipSync(Object.fromEntries(entries)) });
  return join(folder, 'set.npz');
}

test('hand-made arrays are read as they are', async () => {
  const content = await loadNpz(await makeNpz({}));
  expect([...content.train.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...content.test.labels]).toEqual([1]);
});

const floats = new Uint8Array(Float32Array.of(0, 1).buffer);
test.each<[string, Arrays, string, RegExp]>([
  ['a missing array', { y_test: undefined }, 'y_test', /it has x_train, y_train, x_test\.$/],
  [
    'object labels',
    { y_train: makeNpy('|O', [2], new Uint8Array(9)) },
    'y_train',
    /Python objects/,
  ],
  ['float labels', { y_train: makeNpy('<f4', [2], floats) }, 'y_train', /<f4.*integers/],
  [
    'float images',
    { x_train: makeNpy('<f8', [2, 2, 2], new Uint8Array(64)) },
    'x_train',
    /<f8.*uint8/,
  ],
  [
    'Fortran order',
    { x_train: makeNpy('|u1', [2, 2, 2], new Uint8Array(8), true) },
    'x_train',
    /Fortran/,
  ],
  [
    'images with alpha',
    { x_train: makeNpy('|u1', [2, 2, 2, 4], new Uint8Array(32)) },
    'x_train',
    /\(2, 2, 2, 4\).*alpha/,
  ],
  [
    'channels before rows',
    { x_train: makeNpy('|u1', [2, 3, 4, 4], new Uint8Array(96)) },
    'x_train',
    /\(2, 3, 4, 4\).*channels first/,
  ],
  [
    'colours beside grey',
    { x_train: makeNpy('|u1', [2, 2, 2, 3], new Uint8Array(24)) },
    'x_test',
    /in colour.*grey/,
  ],
  [
    'several labels per image',
    { y_train: makeNpy('|u1', [2, 14], new Uint8Array(28)) },
    'y_train',
    /\(2, 14\): 14 labels per image/,
  ],
  [
    'a negative label',
    { y_test: makeNpy('|i1', [1], Uint8Array.of(255)) },
    'y_test',
    /label -1 at 0/,
  ],
  ['label 256', { y_test: makeNpy('<u2', [1], Uint8Array.of(0, 1)) }, 'y_test', /label 256 at 0/],
  [
    'other counts',
    { y_train: makeNpy('|u1', [1], Uint8Array.of(0)) },
    'y_train',
    /2 images.*1 labels/,
  ],
  [
    'not square',
    { x_test: makeNpy('|u1', [1, 2, 3], new Uint8Array(6)) },
    'x_test',
    /3 x 2.*square/,
  ],
  [
    'splits of other sizes',
    { x_test: makeNpy('|u1', [1, 3, 3], new Uint8Array(9)) },
    'x_test',
    /2 pixels.*of 3/,
  ],
  ['data cut short', { y_train: usable.y_train.subarray(0, -1) }, 'y_train', /1 bytes.*takes 2/],
  ['no array', { y_train: Buffer.from('something else') }, 'y_train', /not a NumPy array/],
])('refuses %s', async (_, change, array, message) => {
  const path = await makeNpz(change);
  await expectError(() => loadNpz(path), 'CORRUPT_INPUT', path, array, message);
});

const ascending = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
const colours: Arrays = {
  x_train: makeNpy('|u1', [2, 2, 2, 3], ascending(24)),
  x_test: makeNpy('|u1', [1, 2, 2, 3], ascending(12)),
};

test('colours are read as they are', async () => {
  const content = await loadNpz(await makeNpz(colours));
  expect([content.imageSize, content.channels]).toEqual([2, 3]);
  expect(content.train.images).toEqual(ascending(24));
});

test('colours become luminance, and grey three channels, where that is asked for', async () => {
  const path = await makeNpz(colours);
  const grey = await loadNpz(path, {}, { resize: null, channels: 1 });
  expect(grey.channels).toBe(1);
  // 0.587 + 0.114 * 2 of the first pixel's 0, 1, 2, and 3 more of each in the next.
  expect([...grey.test.images]).toEqual([1, 4, 7, 10]);
  const again = await loadNpz(await makeNpz({}), {}, { resize: null, channels: 3 });
  expect(again.channels).toBe(3);
  expect([...again.test.images].slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
});

test('images are scaled as they are read, squares cut out of their middle', async () => {
  // 40 images of 4 x 8 pixels, whose middle square has the number of the image.
  const wide = (count: number): Uint8Array =>
    Uint8Array.from({ length: count * 32 }, (_, p) =>
      p % 8 < 2 || p % 8 > 5 ? 255 : Math.floor(p / 32),
    );
  const path = await makeNpz({
    x_train: makeNpy('|u1', [40, 4, 8], wide(40)),
    y_train: makeNpy('|u1', [40], new Uint8Array(40)),
    x_test: makeNpy('|u1', [1, 4, 8], wide(1)),
  });
  await expectError(() => loadNpz(path), 'CORRUPT_INPUT', '8 x 4', 'not square');
  const content = await loadNpz(path, {}, { resize: 8, channels: null });
  expect([content.imageSize, content.train.labels.length]).toEqual([8, 40]);
  for (const number of [0, 33, 39]) {
    const image = content.train.images.subarray(number * 64, (number + 1) * 64);
    expect(new Set(image)).toEqual(new Set([number]));
  }
});

test('images that are to be scaled and are cut short are refused', async () => {
  const path = await makeNpz({ x_train: makeNpy('|u1', [2, 4, 4], new Uint8Array(20)) });
  const choices = { resize: 8, channels: null };
  await expectError(() => loadNpz(path, {}, choices), 'CORRUPT_INPUT', '20 bytes', 'takes 32');
});

test('refuses what NumPy itself wrote in unusable forms', async () => {
  const path = join(fixtures, 'unusable.npz');
  await expectError(() => loadNpz(path), 'CORRUPT_INPUT', path, 'x_train', 'Fortran');
});

test('validation images without labels, or of another size, are refused', async () => {
  const x_val = makeNpy('|u1', [1, 3, 3], new Uint8Array(9));
  const y_val = makeNpy('|u1', [1], new Uint8Array(1));
  const lacking = await makeNpz({ x_val });
  await expectError(() => loadNpz(lacking), 'CORRUPT_INPUT', 'no array y_val');
  const other = await makeNpz({ x_val, y_val });
  await expectError(() => loadNpz(other), 'CORRUPT_INPUT', 'x_val', /2 pixels.*of 3/);
});

test('what is no zip, cut short or changed is refused', async () => {
  const folder = await makeFolder();
  const whole = await readFile(join(fixtures, 'medmnist.npz'));
  const changed = Buffer.from(whole);
  // Pixels 0..15 of the first image lie uncompressed in the archive; one bit of them flips.
  const pixel = changed.indexOf(Buffer.from([3, 4, 5, 6, 7, 8, 9]));
  changed[pixel] = 2;
  const files = { text: 'no zip at all', short: whole.subarray(0, -40), changed };
  await writeFiles(folder, files);
  for (const name of Object.keys(files)) {
    const path = join(folder, name);
    await expectError(() => loadNpz(path), 'CORRUPT_INPUT', path, 'zip');
  }
});

test('names a file that is not there, and a folder', async () => {
  const folder = await makeFolder();
  await expectError(() => loadNpz(join(folder, 'x.npz')), 'NOT_FOUND', 'x.npz');
  await expectError(() => loadNpz(folder), 'INVALID_ARGUMENT', folder);
});

const masks = {
  train_masks: makeNpy('|b1', [2, 2, 2], Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 1)),
  test_masks: makeNpy('|u1', [1, 2, 2, 1], Uint8Array.of(0, 255, 0, 7)),
};

test('masks are 1 where they were not 0, under either layout', async () => {
  const keras = await loadNpz(await makeNpz(masks));
  expect([...(keras.train.masks ?? [])]).toEqual([0, 1, 1, 0, 0, 0, 0, 1]);
  expect([...(keras.test.masks ?? [])]).toEqual([0, 1, 0, 1]);
  const medmnist = {
    ...{ train_images: usable.x_train, train_labels: usable.y_train },
    ...{ val_images: usable.x_test, val_labels: usable.y_test },
    ...{ test_images: usable.x_test, test_labels: usable.y_test },
    ...{ x_train: undefined, y_train: undefined, x_test: undefined, y_test: undefined },
  };
  const val_masks = makeNpy('|u1', [1, 2, 2], Uint8Array.of(0, 0, 1, 0));
  const joined = await loadNpz(await makeNpz({ ...medmnist, ...masks, val_masks }));
  expect([...(joined.train.masks ?? [])]).toEqual([0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0]);
});

test('a set without masks has none', async () => {
  const { train, test } = await loadNpz(await makeNpz({}));
  expect([train.masks, test.masks]).toEqual([undefined, undefined]);
});

test('masks are scaled with their images, by the nearest pixel', async () => {
  const wide = {
    x_train: makeNpy('|u1', [2, 8, 12], new Uint8Array(192)),
    x_test: makeNpy('|u1', [1, 8, 12], new Uint8Array(96)),
    // The column of each pixel less the two left of the middle square, where that is a third.
    train_masks: makeNpy(
      '|u1',
      [2, 8, 12],
      Uint8Array.from({ length: 192 }, (_, p) => Number((p % 12) - 2 >= 4)),
    ),
    test_masks: makeNpy('|u1', [1, 8, 12], new Uint8Array(96).fill(9)),
  };
  const choices = { resize: 16, channels: null };
  const { train, test } = await loadNpz(await makeNpz(wide), {}, choices);
  expect(train.masks).toHaveLength(2 * 256);
  expect([...(train.masks ?? [])].slice(0, 16).join('')).toBe('0000000011111111');
  expect(test.masks?.every((value) => value === 1)).toBe(true);
});

test.each<[string, Arrays, string]>([
  ['of the training split alone', { test_masks: undefined }, 'has train_masks, but no test_masks'],
  [
    'too few',
    { train_masks: makeNpy('|u1', [1, 2, 2], new Uint8Array(4)) },
    'holds 1 masks, but x_train',
  ],
  [
    'of another size',
    { train_masks: makeNpy('|u1', [2, 3, 2], new Uint8Array(12)) },
    'holds masks of 2 x 3 pixels, but x_train',
  ],
  [
    'of another type',
    { train_masks: makeNpy('<f4', [2, 2, 2], new Uint8Array(32)) },
    'type <f4 and shape (2, 2, 2); masks are bool or uint8',
  ],
  [
    'of a split that is not there',
    { val_masks: makeNpy('|u1', [1, 2, 2], new Uint8Array(4)) },
    'has val_masks, but no images to them',
  ],
  [
    'with fewer bytes than announced',
    { train_masks: makeNpy('|u1', [2, 2, 2], new Uint8Array(7)) },
    'has 7 bytes of data',
  ],
  [
    'with more bytes than announced',
    { train_masks: makeNpy('|u1', [2, 2, 2], new Uint8Array(9)) },
    'has more bytes of data',
  ],
])('masks %s are refused', async (_, change, part) => {
  const path = await makeNpz({ ...masks, ...change });
  await expectError(() => loadNpz(path), 'CORRUPT_INPUT', part);
});
