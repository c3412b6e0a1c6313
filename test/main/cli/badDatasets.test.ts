import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  makeIdx,
  makeIdxFiles,
  makeMarkedPng,
  makeNpy,
  makePng,
  writeFiles,
} from '../datasets/builders.ts';
import { runHere } from '../../support/commands.ts';
import { makeFolder } from '../../support/digits.ts';
import { expectRefusal } from '../../support/refusal.ts';

type Files = Record<string, Uint8Array | string>;

const whole = makeIdxFiles(6, 4);
const trainImages = 'train-images-idx3-ubyte';
const testLabels = 't10k-labels-idx1-ubyte';
const bytesOf = (name: string): Uint8Array => whole[name] ?? new Uint8Array(0);

const images = makeNpy('|u1', [4, 2, 2], new Uint8Array(16).fill(9));
const labels = makeNpy('|u1', [4], Uint8Array.from([0, 1, 0, 1]));
const arrays = { x_train: images, y_train: labels, x_test: images, y_test: labels };
const pack = (members: Record<string, Uint8Array>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(members).map(([name, npy]) => [`${name}.npy`, npy])));

const classFolders: Files = Object.fromEntries(
  ['train', 'test'].flatMap((split) =>
    ['cat', 'dog'].flatMap((label, k) =>
      [0, 1].map((i) => [`${split}/${label}/${i}.png`, makeMarkedPng(40 * k + i)]),
    ),
  ),
);

interface Damage {
  what: string;
  format: 'idx' | 'npz' | 'folder';
  files: Files;
  /** What is imported, inside the folder. */
  path: string;
  names: string[];
}

const damages: Damage[] = [
  {
    what: 'IDX with a wrong magic number',
    format: 'idx',
    files: {
      ...whole,
      [trainImages]: Uint8Array.from([0, 0, 9, 3, ...bytesOf(trainImages).subarray(4)]),
    },
    path: '.',
    names: [trainImages, '0x00000903', '0x00000803'],
  },
  {
    what: 'IDX with a truncated body',
    format: 'idx',
    files: { ...whole, [trainImages]: bytesOf(trainImages).subarray(0, -3) },
    path: '.',
    names: [trainImages, 'cut short', '21 bytes', '6 x 2 x 2'],
  },
  {
    what: 'IDX whose labels do not match its images',
    format: 'idx',
    files: { ...whole, [testLabels]: makeIdx([3], [0, 1, 0]) },
    path: '.',
    names: [testLabels, '4 images', '3 labels'],
  },
  {
    what: 'NPZ with a missing array',
    format: 'npz',
    files: { 'set.npz': pack({ x_train: images, y_train: labels, x_test: images }) },
    path: 'set.npz',
    names: ['set.npz', 'y_test'],
  },
  {
    what: 'NPZ of objects',
    format: 'npz',
    files: { 'set.npz': pack({ ...arrays, y_test: makeNpy('|O', [4], new Uint8Array(64)) }) },
    path: 'set.npz',
    names: ['set.npz', 'y_test', 'object'],
  },
  {
    what: 'an image that is not square',
    format: 'folder',
    files: { ...classFolders, 'train/dog/1.png': makePng(3, 2, [1, 2, 3, 4, 5, 6]) },
    path: '.',
    names: [join('dog', '1.png'), '3 x 2', 'square'],
  },
  {
    what: 'a class folder with one corrupt file',
    format: 'folder',
    files: { ...classFolders, 'test/cat/1.png': makeMarkedPng(3).subarray(0, 50) },
    path: '.',
    names: [join('cat', '1.png')],
  },
  {
    what: 'a path that is not there',
    format: 'npz',
    files: {},
    path: 'none.npz',
    names: ['none.npz'],
  },
];

describe('a damaged source is refused in one line, and the library stays as it was', () => {
  it.each(damages)('$what', async ({ format, files, path, names }) => {
    const [dataDir, folder] = [makeFolder(), makeFolder()];
    await writeFiles(folder, files);
    const importing = ['datasets', 'import', '--format', format, join(folder, path)];
    expectRefusal(await runHere(dataDir, ...importing, '--name', 'mine'), 1, names);
    expect((await runHere(dataDir, 'datasets', 'list', '--json')).stdout).toBe('{"datasets":[]}\n');
  });
});

it('keeps the set of the same name where a later import fails', async () => {
  const [dataDir, folder] = [makeFolder(), makeFolder()];
  await writeFiles(folder, whole);
  const importing = ['datasets', 'import', '--format', 'idx', folder, '--name', 'mine'];
  expect((await runHere(dataDir, ...importing)).code).toBe(0);
  const before = await runHere(dataDir, 'datasets', 'list', '--json');
  const path = join(folder, trainImages);
  await writeFile(path, (await readFile(path)).subarray(0, 20));
  expectRefusal(await runHere(dataDir, ...importing), 1, [trainImages, 'cut short']);
  expect(await runHere(dataDir, 'datasets', 'list', '--json')).toEqual(before);
  expect((await runHere(dataDir, 'verify')).stdout).toContain('All is well');
});
