import { execFileSync } from 'node:child_process';
import { chmod, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toReadError, toWriteError } from '../../../src/main/platform/errors.ts';
import {
  findSourceSize,
  listFolder,
  loadSourceFile,
  publishDataFile,
  replaceFolder,
  writeUnfinished,
} from '../../../src/main/platform/files.ts';
import { makeFolder as makePlainFolder } from '../../../src/main/platform/folders.ts';
import { computeFileChecksum, computeSha256 } from '../../../src/main/platform/hashes.ts';
import { expectError, makeFolder, writeFiles } from '../datasets/builders.ts';

const systemError = (code: string): Error => Object.assign(new Error(code), { code });

test('checksums are those that the standards give for "abc"', async () => {
  const folder = await makeFolder();
  await writeFiles(folder, { abc: 'abc' });
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(computeSha256('abc')).toBe(sha256);
  expect(await computeFileChecksum(join(folder, 'abc'), 'sha256')).toBe(sha256);
  expect(await computeFileChecksum(join(folder, 'abc'), 'md5')).toBe(
    '900150983cd24fb0d6963f7d28e17f72',
  );
});

test.each([
  ['ENOSPC', 'DISK_FULL'],
  ['EDQUOT', 'DISK_FULL'],
  ['EACCES', 'READ_ONLY'],
  ['EPERM', 'READ_ONLY'],
  ['EROFS', 'READ_ONLY'],
  ['ENOTDIR', 'READ_ONLY'],
  ['EEXIST', 'READ_ONLY'],
] as const)('%s in writing is %s', async (code, expected) => {
  const fail = (): never => {
    throw toWriteError(systemError(code), '/data/x');
  };
  await expectError(fail, expected, '/data/x');
});

test.each([
  ['ENOENT', 'NOT_FOUND'],
  ['ENOTDIR', 'NOT_FOUND'],
  ['EISDIR', 'INVALID_ARGUMENT'],
  ['EACCES', 'INVALID_ARGUMENT'],
] as const)('%s in reading is %s', async (code, expected) => {
  const fail = (): never => {
    throw toReadError(systemError(code), '/images/x');
  };
  await expectError(fail, expected, '/images/x');
});

test('other errors stay what they are', () => {
  const error = new TypeError('a fault of ours');
  expect(toWriteError(error, 'x')).toBe(error);
  expect(toReadError(error, 'x')).toBe(error);
});

test.skipIf(!existsSync('/dev/full'))('a device that is full gives DISK_FULL', async () => {
  const write = async (): Promise<void> => {
    await using file = await open('/dev/full', 'w');
    await file.writeFile('x').catch((error: unknown) => {
      throw toWriteError(error, '/dev/full');
    });
  };
  await expectError(write, 'DISK_FULL', '/dev/full');
});

test('saves a file in a new folder, whole and without leftovers', async () => {
  const folder = join(await makeFolder(), 'a/b');
  for (const text of ['one', 'two']) {
    await writeUnfinished(join(folder, 'half'), Buffer.from(text));
    await publishDataFile(join(folder, 'half'), join(folder, 'x'));
  }
  expect(await readFile(join(folder, 'x'), 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['x']);
});

test('a folder that cannot be made is READ_ONLY', async () => {
  const folder = await makeFolder();
  await writeFiles(folder, { file: 'x' });
  const path = join(folder, 'file', 'sets');
  await expectError(() => writeUnfinished(join(path, 'x'), Buffer.from('x')), 'READ_ONLY', path);
});

test.skipIf(process.getuid?.() === 0)('a folder without permission is READ_ONLY', async () => {
  const folder = await makeFolder();
  await chmod(folder, 0o555);
  await expectError(
    () => writeUnfinished(join(folder, 'x'), Buffer.from('x')),
    'READ_ONLY',
    folder,
  );
  await chmod(folder, 0o755);
});

test('a file that a user names is a file, and no longer than what is read of it', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'd'), 'text');
  const long = (): Promise<Uint8Array> => loadSourceFile(join(folder, 'd'), 3);
  await expectError(long, 'INVALID_ARGUMENT', join(folder, 'd'), '4 bytes', 'at most 3');
  await expectError(() => loadSourceFile(folder, 4), 'INVALID_ARGUMENT', 'is a folder');
  await symlink('/dev/zero', join(folder, 'zero'));
  for (const path of ['/dev/zero', join(folder, 'zero')])
    await expectError(() => findSourceSize(path), 'INVALID_ARGUMENT', path, 'device');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expectError(() => loadSourceFile(join(folder, 'pipe'), 4), 'INVALID_ARGUMENT', 'a pipe');
});

test('lists a folder without hidden entries', async () => {
  const folder = await makeFolder();
  await writeFiles(folder, { 'b/x': '', a: '', '.hidden': '' });
  expect(await listFolder(folder)).toEqual([
    { name: 'a', isFolder: false },
    { name: 'b', isFolder: true },
  ]);
  await expectError(() => listFolder(join(folder, 'a')), 'INVALID_ARGUMENT', 'not a folder');
  await expectError(() => loadSourceFile(join(folder, 'c'), 4), 'NOT_FOUND', join(folder, 'c'));
  await writeFile(join(folder, 'd'), 'text');
  expect(Buffer.from(await loadSourceFile(join(folder, 'd'), 4)).toString()).toBe('text');
});

test('a folder is replaced as a whole, or not where its maker fails', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'made', 'pages');
  const make = (files: Record<string, string>) => async (unfinished: string) => {
    makePlainFolder(unfinished);
    await writeFiles(unfinished, files);
  };
  await replaceFolder(path, make({ a: 'one', b: 'one' }));
  await replaceFolder(path, make({ a: 'two' }));
  expect(await readdir(path)).toEqual(['a']);
  const failing = replaceFolder(path, async (unfinished) => {
    await make({ a: 'three' })(unfinished);
    throw new Error('cut off');
  });
  await expect(failing).rejects.toThrow('cut off');
  expect(await readFile(join(path, 'a'), 'utf8')).toBe('two');
  expect(await readdir(join(folder, 'made'))).toEqual(['pages']);
});
