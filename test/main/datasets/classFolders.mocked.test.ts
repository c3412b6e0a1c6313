import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Findings, listClasses } from '../../../src/main/datasets/classFolders.ts';
import { listImages } from '../../../src/main/datasets/imageListing.ts';
import type { FolderEntry } from '../../../src/main/platform/files.ts';
import { makeFolder } from './builders.ts';

/** More than a function takes as arguments. */
const { many } = vi.hoisted(() => ({ many: 150_000 }));

/** Folders `one` hold as many images, and a folder `inner` with as many again; others what they hold. */
vi.mock(import('../../../src/main/platform/files.ts'), async (load) => {
  const files = await load();
  const images = Array.from({ length: many }, (_, i): FolderEntry => {
    return { name: `${i}.png`, isFolder: false };
  });
  return {
    ...files,
    listFolder: (path) => {
      if (basename(path) === 'inner') return Promise.resolve(images);
      if (basename(path) !== 'one') return files.listFolder(path);
      return Promise.resolve([...images, { name: 'inner', isFolder: true }]);
    },
  };
});

it('lists a class of more images than fit on a stack', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'one/inner'), { recursive: true });
  const findings = new Findings();
  const [only] = await listClasses(folder, '', findings);
  expect(only?.files).toHaveLength(2 * many);
  expect(findings.nested).toBe(many);
});

it('joins a validation folder of more images than fit on a stack', async () => {
  const folder = await makeFolder();
  for (const split of ['train', 'test', 'val']) {
    await mkdir(join(folder, split, 'one/inner'), { recursive: true });
  }
  const { train, test } = await listImages(folder);
  expect([train.length, test.length]).toEqual([4 * many, 2 * many]);
});
