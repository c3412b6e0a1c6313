import { join } from 'node:path';
import { symlink } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { lookAt } from '../../../src/main/datasets/look.ts';
import { expectError, makeIdxFiles, makeImages } from './builders.ts';

it('lists folders and what could be imported, by name, and no more of a folder', async () => {
  const folder = await makeImages({
    ...{ 'b/x': '', 'a 2/y': '', '.hidden/z': '', 'notes.txt': '', '.npz': '' },
    ...{ 'sets.NPZ': '', 'cifar-10-python.tar.gz': '' },
  });
  await symlink(join(folder, 'b'), join(folder, 'to b'));
  await symlink(join(folder, 'nowhere'), join(folder, 'broken'));
  expect(await lookAt(folder)).toEqual({
    ...{ path: folder, isFolder: true, parent: join(folder, '..'), isCut: false },
    ...{ folders: ['a 2', 'b', 'to b'], files: ['cifar-10-python.tar.gz', 'sets.NPZ'] },
    found: { format: 'folder', path: folder },
  });
  expect((await lookAt(`${folder}/b/..`)).path).toBe(folder);
  expect(await lookAt('/')).toMatchObject({ path: '/', parent: null });
});

it('tells a format by names: of a file that is one of several, the folder is imported', async () => {
  const idx = await makeImages(makeIdxFiles(4, 2));
  const cifar = await makeImages({ 'cifar-10-batches-py/data_batch_1': '', 'set.npz': '', x: '' });
  const foundAt = async (...path: string[]) => (await lookAt(join(...path))).found;
  expect(await foundAt(idx)).toEqual({ format: 'idx', path: idx });
  expect(await foundAt(idx, 'train-images-idx3-ubyte')).toEqual({ format: 'idx', path: idx });
  expect(await foundAt(cifar)).toEqual({ format: 'cifar', path: cifar });
  const inner = join(cifar, 'cifar-10-batches-py');
  expect(await foundAt(inner, 'data_batch_1')).toEqual({ format: 'cifar', path: inner });
  expect(await foundAt(cifar, 'set.npz')).toEqual({ format: 'npz', path: join(cifar, 'set.npz') });
  expect(await foundAt(cifar, 'x')).toBeNull();
});

it('lists no more than a thousand of each, and says so', async () => {
  const names = Array.from({ length: 1001 }, (_, i) => [`${i}.npz`, ''] as const);
  const { files, isCut } = await lookAt(await makeImages(Object.fromEntries(names)));
  expect([files.length, isCut]).toEqual([1000, true]);
});

it('says where there is nothing', async () => {
  const folder = await makeImages({ file: '' });
  await expectError(() => lookAt(join(folder, 'none')), 'NOT_FOUND', 'none');
  await expectError(() => lookAt(join(folder, 'file', 'below')), 'NOT_FOUND', 'below');
});
