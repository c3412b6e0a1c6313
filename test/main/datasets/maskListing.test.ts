import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { loadImageFolder } from '../../../src/main/datasets/imageFolder.ts';
import {
  type Files,
  expectError,
  makeImages,
  makeMarkedPng,
  makePng,
  marks,
  splitFiles,
} from './builders.ts';

/** 2 x 2 pixels of which one value stands at a place, 0 elsewhere. */
const maskAt = (place: number, value = 255): Uint8Array =>
  makePng(
    2,
    2,
    [0, 1, 2, 3].map((at) => (at === place ? value : 0)),
  );
const maskFiles: Files = {
  'masks/train/class 2/a.png': maskAt(0),
  'masks/train/class 2/b.PNG': maskAt(1, 1),
  'masks/train/class 10/a.png': maskAt(2),
  'masks/test/class 2/a.png': maskAt(3),
  'masks/test/class 10/a.png': maskAt(0, 7),
};
const shown = (masks: Uint8Array | undefined): number[] =>
  Array.from({ length: (masks?.length ?? 0) / 4 }, (_, i) =>
    [...(masks ?? [])].slice(4 * i, 4 * i + 4).indexOf(1),
  );

test('masks belong to the images of their paths and names, whatever the extension', async () => {
  const folder = await makeImages({ ...splitFiles, ...maskFiles });
  const { train, test, notes, classNames, sourceChecksums } = await loadImageFolder(folder);
  expect(classNames).toEqual(['class 2', 'class 10']);
  expect(marks(train.images)).toEqual([3, 2, 1]);
  expect(shown(train.masks)).toEqual([0, 1, 2]);
  expect(shown(test.masks)).toEqual([3, 0]);
  expect(notes).toEqual([`masks are from ${join(folder, 'masks')}`]);
  expect(sourceChecksums['masks']).toMatch(/^[0-9a-f]{64}$/);
});

const flat = (folder: string): Files =>
  Object.fromEntries(
    ['a', 'b'].flatMap((name) =>
      [0, 1, 2, 3].map((k) => [`${folder}${name}/${k}.png`, makeMarkedPng(k)]),
    ),
  );
const flatMasks = Object.fromEntries(
  ['a', 'b'].flatMap((name) => [0, 1, 2, 3].map((k) => [`masks/${name}/${k}.png`, maskAt(k)])),
);

test.each([
  ['among class folders', ''],
  ['beside the folder of them', 'images/'],
])('masks are found %s, and go with their images into the splits', async (_, images) => {
  const folder = await makeImages({ ...flat(images), ...flatMasks });
  const { train, test, classNames } = await loadImageFolder(join(folder, images));
  expect(classNames).toEqual(['a', 'b']);
  expect(test.labels).toHaveLength(1);
  for (const split of [train, test]) expect(shown(split.masks)).toEqual(marks(split.images));
});

test('a class may be called masks', async () => {
  const files = { ...flat(''), 'masks/1.png': makeMarkedPng(9) };
  const { classNames, train } = await loadImageFolder(await makeImages(files));
  expect(classNames).toEqual(['a', 'b', 'masks']);
  expect(train.masks).toBeUndefined();
});

test('masks are scaled with their images, by the nearest pixel', async () => {
  const files = { ...splitFiles, ...maskFiles };
  const choices = { resize: 8, channels: null };
  const { train } = await loadImageFolder(await makeImages(files), {}, choices);
  const first = [...(train.masks ?? [])].slice(0, 64);
  expect(first.slice(0, 8)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  expect(first.reduce((sum, value) => sum + value, 0)).toBe(16);
});

test.each<[string, Files, string]>([
  [
    'a mask is missing',
    { 'masks/train/class 2/c.png': maskAt(0) },
    'masks has no mask for the image train/class 2/b.png',
  ],
  [
    'a mask is too much',
    { 'masks/train/class 2/c.png': maskAt(0), 'masks/train/class 2/b.tif': maskAt(1) },
    'masks has a mask without an image, train/class 2/c.png',
  ],
  [
    'two masks are of one name',
    { 'masks/train/class 2/b.tif': maskAt(1), 'masks/train/class 2/b.tiff': maskAt(1) },
    'masks has train/class 2/b.tif and train/class 2/b.tiff for the image train/class 2/b.png',
  ],
  [
    'a mask has another size',
    { 'masks/train/class 2/b.png': makePng(3, 2, [0, 0, 0, 0, 0, 1]) },
    'b.png has 3 x 2 pixels, but its image',
  ],
  ['a mask is a JPEG', { 'masks/train/class 2/b.jpg': maskAt(1) }, 'b.jpg cannot be a mask'],
])('%s: refused', async (_, change, part) => {
  const others = Object.entries(maskFiles).filter(([name]) => !name.endsWith('b.PNG'));
  const folder = await makeImages({ ...splitFiles, ...Object.fromEntries(others), ...change });
  await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', part);
});

test('two images of one name need a mask each', async () => {
  const files = { ...splitFiles, ...maskFiles, 'train/class 2/a.tif': makeMarkedPng(8) };
  const folder = await makeImages(files);
  await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', 'one mask', 'another image');
});

test('masks of several colours or with transparency are inside where anything is drawn', async () => {
  const painted = (r: number, g: number, b: number, alpha: number): Promise<Buffer> =>
    sharp(Uint8Array.of(0, 0, 0, 255, r, g, b, alpha, 0, 0, 0, 255, 0, 0, 0, 0), {
      raw: { width: 2, height: 2, channels: 4 },
    })
      .png()
      .toBuffer();
  const files = {
    ...splitFiles,
    ...maskFiles,
    'masks/train/class 2/a.png': await painted(0, 0, 1, 255),
    'masks/train/class 2/b.PNG': await painted(0, 9, 0, 255),
  };
  const { train } = await loadImageFolder(await makeImages(files));
  expect(shown(train.masks)).toEqual([1, 1, 2]);
});
