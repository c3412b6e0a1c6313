import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loadImageFolder } from '../../../src/main/datasets/imageFolder.ts';
import {
  type Files,
  expectError,
  makeCmykJpeg,
  makeDeepPng,
  makeFolder,
  makeImages,
  makeMarkedPng,
  makePng,
  marks,
  splitFiles,
} from './builders.ts';

const whole = makePng(2, 2, [1, 2, 3, 4]);

describe('train and test folders', () => {
  test('classes are in natural order, files in that of their names', async () => {
    const content = await loadImageFolder(await makeImages(splitFiles));
    expect(content.imageSize).toBe(2);
    expect(content.classNames).toEqual(['class 2', 'class 10']);
    expect([...content.train.images]).toEqual([3, 2, 1].flatMap((mark) => [mark, 128, 128, 128]));
    expect([...content.train.labels]).toEqual([0, 0, 1]);
    expect(marks(content.test.images)).toEqual([5, 4]);
    expect([...content.test.labels]).toEqual([0, 1]);
  });

  test('a class folder has the checksum that sha256sum computes', async () => {
    const folder = await makeImages(splitFiles);
    const { sourceChecksums } = await loadImageFolder(folder);
    const printed = execFileSync('sh', ['-c', 'LC_ALL=C; export LC_ALL; sha256sum * | sha256sum'], {
      cwd: join(folder, 'train/class 2'),
      encoding: 'utf8',
    });
    expect(sourceChecksums['train/class 2']).toBe(printed.slice(0, 64));
    expect(Object.keys(sourceChecksums).sort()).toEqual([
      'test/class 10',
      'test/class 2',
      'train/class 10',
      'train/class 2',
    ]);
  });

  test('a class in one of them only is refused', async () => {
    const folder = await makeImages({ ...splitFiles, 'test/class 3/a.png': makeMarkedPng(6) });
    await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', 'class 3', folder);
  });

  test('a third folder is refused, not overlooked', async () => {
    const folder = await makeImages({ ...splitFiles, 'extra/class 2/a.png': makeMarkedPng(6) });
    await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', 'extra', folder);
  });

  test('a validation folder joins train, and that is said', async () => {
    const folder = await makeImages({ ...splitFiles, 'val/class 10/a.png': makeMarkedPng(6) });
    const { train, notes } = await loadImageFolder(folder);
    expect(marks(train.images)).toEqual([3, 2, 1, 6]);
    expect([...train.labels]).toEqual([0, 0, 1, 1]);
    expect(notes).toEqual(['1 images in val joined the training split']);
  });

  test('capitals do not matter, nor do the longer words', async () => {
    for (const [train, test] of [
      ['Train', 'TEST'],
      ['training', 'Testing'],
    ]) {
      const renamed = Object.entries(splitFiles).map(([name, bytes]) => [
        name.replace('train/', `${train}/`).replace('test/', `${test}/`),
        bytes,
      ]);
      const content = await loadImageFolder(await makeImages(Object.fromEntries(renamed) as Files));
      expect(content.classNames).toEqual(['class 2', 'class 10']);
      expect(marks(content.test.images)).toEqual([5, 4]);
    }
  });

  test.each([
    ['train and val, but no test', ['train', 'val']],
    ['test, but no train', ['test']],
    ['train and Train', ['train', 'Train', 'test']],
  ])('%s is refused', async (_, names) => {
    const files = names.flatMap((name) => [
      [`${name}/a/1.png`, makeMarkedPng(1)],
      [`${name}/b/1.png`, makeMarkedPng(2)],
    ]);
    const folder = await makeImages(Object.fromEntries(files) as Files);
    await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', folder, ...names.slice(0, 1));
  });

  test('two Unicode forms of a name are one class', async () => {
    const composed = 'caf\u00e9';
    const separate = 'cafe\u0301';
    const content = await loadImageFolder(
      await makeImages({
        [`train/${composed}/1.png`]: makeMarkedPng(1),
        [`train/${separate}/2.png`]: makeMarkedPng(2),
        'train/tea/1.png': makeMarkedPng(3),
        [`test/${separate}/1.png`]: makeMarkedPng(4),
        'test/tea/1.png': makeMarkedPng(5),
      }),
    );
    expect(content.classNames).toEqual([composed, 'tea']);
    expect([...content.train.labels]).toEqual([0, 0, 1]);
    expect(marks(content.test.images)).toEqual([4, 5]);
  });
});

describe('class folders alone', () => {
  const files: Files = {};
  for (let i = 0; i < 24; i += 1) {
    files[`${i < 18 ? 'many' : 'few'}/${String(i).padStart(2, '0')}.png`] = makeMarkedPng(i);
  }

  test('a sixth of each class becomes the test split, the same every time', async () => {
    const first = await loadImageFolder(await makeImages(files));
    const again = await loadImageFolder(await makeImages(files));
    expect(first.classNames).toEqual(['few', 'many']);
    expect([...first.test.labels]).toEqual([0, 1, 1, 1]);
    expect(first.train.labels).toHaveLength(20);
    const all = [...marks(first.train.images), ...marks(first.test.images)];
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(again.test).toEqual(first.test);
    expect(again.train).toEqual(first.train);
    expect(first.notes).toEqual(['a stratified sixth became the test split']);
  });

  test('too few images for a test split are refused', async () => {
    const folder = await makeImages({ 'a/1.png': makeMarkedPng(1), 'b/1.png': makeMarkedPng(2) });
    await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', folder, '2 images');
  });

  test('other files are left out, and the source says so', async () => {
    const other = { 'many/notes.txt': 'x', 'readme.md': 'x', 'many/.hidden.png': 'x' };
    const content = await loadImageFolder(await makeImages({ ...files, ...other }));
    expect(content.train.labels).toHaveLength(20);
    expect(content.notes).toContain(
      '2 entries that are no PNG, JPEG, TIFF or DICOM files were left out',
    );
  });

  test('what systems leave is left out, and that is said', async () => {
    const left = { '__MACOSX/many/a.png': whole, 'many/Thumbs.db': 'x', 'few/desktop.ini': 'x' };
    const content = await loadImageFolder(await makeImages({ ...files, ...left }));
    expect(content.classNames).toEqual(['few', 'many']);
    expect(content.train.labels).toHaveLength(20);
    expect(content.notes).toContain(
      '__MACOSX, desktop.ini, Thumbs.db of the operating system were left out',
    );
  });

  test('images in folders inside class folders are read, and that is said', async () => {
    const deeper = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name.replace('many/', 'many/a/b/'), bytes]),
    );
    const folder = await makeImages(deeper);
    // A link to a folder that it lies in must not be followed for ever.
    await symlink(join(folder, 'many'), join(folder, 'many/a/again'));
    const content = await loadImageFolder(folder);
    expect([...content.train.labels, ...content.test.labels]).toHaveLength(24);
    expect(content.classNames).toEqual(['few', 'many']);
    expect(content.notes).toContain('18 images lay in folders inside class folders');
  });

  test('a linked class folder counts', async () => {
    const folder = await makeImages(files);
    await symlink(join(folder, 'many'), join(folder, 'linked'));
    const { classNames } = await loadImageFolder(folder);
    expect(classNames).toEqual(['few', 'linked', 'many']);
  });

  test('progress counts every image, and aborting stops', async () => {
    const folder = await makeImages(files);
    const seen: number[] = [];
    await loadImageFolder(folder, { onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loadImageFolder(folder, { signal })).rejects.toThrow('enough');
  });
});

/** The pixels of one image read as the first of a set with two others of the same size. */
async function decode(name: string, image: Uint8Array, size: number): Promise<number[]> {
  const other = makePng(size, size, Array(size ** 2).fill(9));
  const folder = await makeImages({ [`train/a/${name}`]: image, 'test/a/1.png': other });
  const content = await loadImageFolder(folder, {}, { resize: null, channels: 1 });
  return [...content.train.images];
}

describe('decoding to grey', () => {
  test('keeps every grey level', async () => {
    const levels = Array.from({ length: 256 }, (_, level) => level);
    expect(await decode('grey.png', makePng(16, 16, levels), 16)).toEqual(levels);
    const colours = levels.flatMap((level) => [level, level, level]);
    expect(await decode('rgb.png', makePng(16, 16, colours, 2), 16)).toEqual(levels);
  });

  test('has the luminance of Rec. 601', async () => {
    const samples = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    // 0.299, 0.587 and 0.114 of 255.
    expect(await decode('x.png', makePng(2, 2, samples, 2), 2)).toEqual([76, 150, 29, 255]);
  });

  test('makes what is transparent black', async () => {
    const samples = [200, 255, 200, 0, 200, 128, 255, 255];
    expect(await decode('x.png', makePng(2, 2, samples, 4), 2)).toEqual([200, 0, 100, 255]);
  });

  test('has what is printed in full black as black', async () => {
    const light = async (...inks: [number, number, number, number]): Promise<Set<number>> =>
      new Set(await decode('x.jpg', makeCmykJpeg(inks), 8));
    expect(await light(0, 0, 0, 255)).toEqual(new Set([0]));
    expect(await light(0, 0, 0, 0)).toEqual(new Set([255]));
    // Yellow and magenta ink leave red: 76, less a fifth for the black.
    expect(await light(0, 255, 255, 51)).toEqual(new Set([61]));
  });

  test('turns an image as the camera noted', async () => {
    const rows = Array.from({ length: 256 }, (_, p) => (Math.floor(p / 16) < 8 ? 200 : 20));
    const jpeg = await sharp(makePng(16, 16, rows))
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const pixels = await decode('x.jpg', jpeg, 16);
    // 6: its first row is shown as the right side.
    const isRight = (p: number): boolean => p % 16 >= 8;
    expect(pixels.every((level, p) => Math.abs(level - (isRight(p) ? 200 : 20)) < 6)).toBe(true);
  });

  test('reads JPEG', async () => {
    const jpeg = await sharp(makePng(8, 8, Array(64).fill(160)))
      .jpeg({ quality: 100 })
      .toBuffer();
    for (const name of ['x.jpg', 'x.JPEG']) {
      for (const level of await decode(name, jpeg, 8))
        expect(Math.abs(level - 160)).toBeLessThan(2);
    }
  });
});

describe('16 bits', () => {
  const load = async (test: Uint8Array, ...train: Uint8Array[]) => {
    const images = train.map((image, i) => [`train/a/${i}.png`, image]);
    return loadImageFolder(
      await makeImages({ ...(Object.fromEntries(images) as Files), 'test/a/1.png': test }),
    );
  };

  test('are windowed to as many as the largest value of the set needs', async () => {
    const content = await load(makeDeepPng([4095, 0, 16, 2048]), makeDeepPng([0, 100, 1000, 2000]));
    // v / 4095 * 255
    expect([...content.train.images]).toEqual([0, 6, 62, 125]);
    expect([...content.test.images]).toEqual([255, 0, 1, 128]);
    expect(content.notes[0]).toContain('have 12 in use, by their largest value: 0 to 4095');
  });

  test('are kept in full where they are in use', async () => {
    const { train, notes } = await load(
      makeDeepPng([65535, 0, 257, 514]),
      makeDeepPng([0, 1, 2, 257]),
    );
    expect([...train.images]).toEqual([0, 0, 0, 1]);
    expect(notes[0]).toContain('have 16 in use');
  });

  test('have as many as sBIT says, or all where values pass that', async () => {
    const dark = makeDeepPng([0, 100, 1000, 819], 12);
    expect([...(await load(dark, dark)).train.images]).toEqual([0, 6, 62, 51]);
    const scaled = makeDeepPng([0, 1600, 16000, 13107], 12);
    expect([...(await load(scaled, scaled)).train.images]).toEqual([0, 6, 62, 51]);
  });

  test('leave images of 8 bits beside them as they are', async () => {
    const { train } = await load(makeDeepPng([1023, 0, 0, 0]), whole, makeDeepPng([1023, 0, 0, 0]));
    expect([...train.images]).toEqual([1, 2, 3, 4, 255, 0, 0, 0]);
  });
});

test.each<[string, Files, string, RegExp]>([
  ['text', { 'train/a/bad.png': 'not an image' }, 'train/a/bad.png', /decoded/],
  ['an empty file', { 'train/a/bad.png': '' }, 'train/a/bad.png', /decoded/],
  ['a PNG cut short', { 'train/a/bad.png': whole.subarray(0, -20) }, 'train/a/bad.png', /decoded/],
  [
    'another size',
    { 'test/a/odd.png': makePng(3, 3, Array(9).fill(0)) },
    'test/a/odd.png',
    /3 x 3.*2 x 2/,
  ],
  [
    'not square',
    { 'train/a/1.png': makePng(3, 2, Array(6).fill(0)) },
    'train/a/1.png',
    /3 x 2.*square/,
  ],
])('refuses an image: %s', async (_, change, file, message) => {
  const files = { 'train/a/1.png': whole, 'test/a/1.png': whole, ...change };
  const folder = await makeImages(files);
  await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', join(folder, file), message);
});

test('names a link that leads nowhere', async () => {
  const folder = await makeImages({ 'train/a/1.png': whole, 'test/a/1.png': whole });
  await symlink(join(folder, 'gone.png'), join(folder, 'train/a/2.png'));
  await expectError(() => loadImageFolder(folder), 'NOT_FOUND', join(folder, 'train/a/2.png'));
});

test('refuses an empty class, no classes, and more than 256', async () => {
  const folder = await makeImages({ 'cat/1.png': whole });
  await mkdir(join(folder, 'dog'));
  await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', join(folder, 'dog'));
  const loose = await makeImages({ '1.png': whole });
  await expectError(() => loadImageFolder(loose), 'CORRUPT_INPUT', loose, 'no class folders');
  const many = await makeFolder();
  for (let i = 0; i < 257; i += 1) await mkdir(join(many, String(i)));
  await expectError(() => loadImageFolder(many), 'CORRUPT_INPUT', many, '257 classes');
  await expectError(() => loadImageFolder(join(loose, 'no')), 'NOT_FOUND', join(loose, 'no'));
});
