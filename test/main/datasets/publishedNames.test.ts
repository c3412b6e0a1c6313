import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadIdx } from '../../../src/main/datasets/idx.ts';
import { loadNpz } from '../../../src/main/datasets/npz.ts';
import { expectError, makeFolder, makeIdx, makeIdxFiles, makeNpy, writeFiles } from './builders.ts';

/** MedMNIST's file of these labels, of 1 x 1 pixel each. */
async function makeMedmnist(name: string, labels: readonly number[]): Promise<string> {
  const count = labels.length;
  const images = makeNpy('|u1', [count, 1, 1], Uint8Array.from(labels));
  const ofLabels = makeNpy('|u1', [count, 1], Uint8Array.from(labels));
  const entries = ['train', 'val', 'test'].flatMap((split) => [
    [`${split}_images.npy`, images],
    [`${split}_labels.npy`, ofLabels],
  ]);
  const folder = await makeFolder();
  await writeFiles(folder, {
    [name]: zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>),
  });
  return join(folder, name);
}

describe('a file of MedMNIST', () => {
  it.each(['pneumoniamnist.npz', 'pneumoniamnist_224.npz'])(
    '%s has the names of its classes',
    async (name) => {
      const { classNames, notes } = await loadNpz(await makeMedmnist(name, [0, 1]));
      expect(classNames).toEqual(['normal', 'pneumonia']);
      expect(notes.at(-1)).toContain('validation');
      expect(notes).toContain('classes are called as in PneumoniaMNIST');
    },
  );

  it('with other classes than it is known for keeps its numbers', async () => {
    const { classNames } = await loadNpz(await makeMedmnist('pneumoniamnist.npz', [0, 1, 2]));
    expect(classNames).toEqual(['0', '1', '2']);
    expect((await loadNpz(await makeMedmnist('mine.npz', [0, 1]))).classNames).toEqual(['0', '1']);
  });

  it.each([
    ['retinamnist.npz', 'ordinal'],
    ['retinamnist_64.npz', 'ordinal'],
    ['chestmnist_128.npz', 'multi-label'],
  ])('%s is refused for its task', async (name, task) => {
    const path = await makeMedmnist(name, [0, 1]);
    await expectError(() => loadNpz(path), 'INVALID_ARGUMENT', name, task);
  });
});

/** EMNIST's four files of 2 x 2 pixels. */
const emnist = (variant: string, labels: readonly number[]): Record<string, Uint8Array> =>
  Object.fromEntries(
    ['train', 'test'].flatMap((split) => [
      [
        `emnist-${variant}-${split}-images-idx3-ubyte`,
        makeIdx(
          [labels.length, 2, 2],
          labels.flatMap((label) => [label, 1, 2, 3]),
        ),
      ],
      [`emnist-${variant}-${split}-labels-idx1-ubyte`, makeIdx([labels.length], labels)],
    ]),
  );

describe('EMNIST', () => {
  it('calls letters as its mapping says, by the last code of a line', async () => {
    const folder = await makeFolder();
    await writeFiles(folder, {
      ...emnist('letters', [1, 2, 26]),
      'emnist-letters-mapping.txt': '1 65 97\n2 66 98\n26 90 122\n',
      'emnist-balanced-mapping.txt': 'not asked for',
    });
    const { classNames, notes, train } = await loadIdx(folder);
    expect(classNames).toEqual(['a', 'b', 'z']);
    expect(notes).toContain('classes are called as emnist-letters-mapping.txt says');
    expect([...train.images.subarray(0, 4)]).toEqual([1, 2, 1, 3]);
  });

  it('with a mapping that is none is refused, without one has its numbers', async () => {
    const folder = await makeFolder();
    const files = emnist('balanced', [0, 1]);
    await writeFiles(folder, { ...files, 'emnist-balanced-mapping.txt': '0 48\n1 one\n' });
    await expectError(
      () => loadIdx(folder),
      'CORRUPT_INPUT',
      'emnist-balanced-mapping.txt',
      '1 one',
    );
    const bare = await makeFolder();
    await writeFiles(bare, files);
    expect((await loadIdx(bare)).classNames).toEqual(['0', '1']);
  });
});

it('the folder says that its files are those of KMNIST', async () => {
  const folder = join(await makeFolder(), 'KMNIST');
  await mkdir(folder);
  await writeFiles(folder, makeIdxFiles(20, 20, 10));
  const { classNames } = await loadIdx(folder);
  expect(classNames).toEqual(['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo']);
});
