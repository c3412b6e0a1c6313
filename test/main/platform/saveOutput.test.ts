import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeOutputFolder, saveOutput } from '../../../src/main/platform/files.ts';
import { until } from '../../support/cli.ts';
import { makeFolder } from '../../support/digits.ts';
import { fillDisk, mountSmallDisk } from '../../support/smallDisk.ts';
import { errorOf } from '../store/fixtures.ts';

const writer = fileURLToPath(new URL('./writer.ts', import.meta.url));

it('replaces a file and leaves nothing beside it', async () => {
  const folder = makeFolder();
  const path = join(folder, 'a.csv');
  for (const content of ['one', new TextEncoder().encode('two, longer'), '3']) {
    await saveOutput(path, content);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
  }
  expect(readdirSync(folder)).toEqual(['a.csv']);
});

it.each(['SQLite format 3\0 and more', '\x37\x7f\x06\x82 and more'])(
  'a database stays: %j',
  async (content) => {
    const path = join(makeFolder(), 'history.sqlite');
    writeFileSync(path, content, 'latin1');
    expect(await errorOf(() => saveOutput(path, 'a figure'))).toMatchObject({ code: 'CONFLICT' });
    expect(readFileSync(path, 'latin1')).toBe(content);
  },
);

it('on a full disk the file from before stays, and nothing else', async (context) => {
  const disk = mountSmallDisk(1, context);
  const path = join(disk, 'a.csv');
  await saveOutput(path, 'good');
  fillDisk(join(disk, 'filler'));
  const error = await errorOf(() => saveOutput(path, 'x'.repeat(100_000)));
  expect(error).toMatchObject({
    code: 'DISK_FULL',
    message: `There is no space left to write ${path}.`,
    remedy: expect.stringContaining('another place') as string,
  });
  expect(readFileSync(path, 'utf8')).toBe('good');
  expect(readdirSync(disk).sort()).toEqual(['a.csv', 'filler']);
  rmSync(join(disk, 'filler'));
  await saveOutput(path, 'better');
  expect(readFileSync(path, 'utf8')).toBe('better');
});

it('a kill in the middle leaves the file from before, and the next file takes away the rest', async () => {
  const folder = makeFolder();
  const path = join(folder, 'kept');
  writeFileSync(path, 'good');
  const child = spawn(process.execPath, [writer, 'overwrite', folder]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const isHalf = (): boolean => {
    const [name] = readdirSync(folder).filter((other) => other.endsWith('.partial'));
    const size = statSync(join(folder, name ?? 'none'), { throwIfNoEntry: false })?.size ?? 0;
    return size > 0 && size < 2 ** 26;
  };
  await until(() => isHalf());
  child.kill('SIGKILL');
  await once(child, 'close');
  const kept = readFileSync(path);
  expect([4, 2 ** 26]).toContain(kept.length);
  expect(kept.every((byte) => byte === 1) || kept.toString() === 'good').toBe(true);
  await saveOutput(join(folder, 'next'), 'x');
  expect(readdirSync(folder).sort()).toEqual(['kept', 'next']);
});

describe('what was there', () => {
  // Less and more than new files get.
  it.each([0o600, 0o666])('keeps its permissions', async (mode) => {
    const path = join(makeFolder(), 'own');
    writeFileSync(path, 'one');
    chmodSync(path, mode);
    await saveOutput(path, 'two');
    expect(statSync(path).mode & 0o777).toBe(mode);
    expect(readFileSync(path, 'utf8')).toBe('two');
  });

  it('keeps the link that leads to it', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'paper'));
    writeFileSync(join(folder, 'paper', 'a.pdf'), 'one');
    symlinkSync('paper/a.pdf', join(folder, 'a.pdf'));
    await saveOutput(join(folder, 'a.pdf'), 'two');
    expect(lstatSync(join(folder, 'a.pdf')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'paper', 'a.pdf'), 'utf8')).toBe('two');
  });

  it.skipIf(process.getuid?.() === 0)('stays if it is write-protected', async () => {
    const path = join(makeFolder(), 'kept');
    writeFileSync(path, 'good');
    chmodSync(path, 0o444);
    expect(await errorOf(() => saveOutput(path, 'x'))).toMatchObject({ code: 'READ_ONLY' });
    expect(readFileSync(path, 'utf8')).toBe('good');
  });

  it.skipIf(!existsSync('/dev/full'))('is written to if it is a device', async () => {
    await saveOutput('/dev/null', 'x');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(await errorOf(() => saveOutput('/dev/full', 'x'))).toMatchObject({ code: 'DISK_FULL' });
  });
});

describe('a place where there can be no such file is an unusable argument', () => {
  it.each([
    ['a folder that is not there', 'none/a.csv', 'ENOENT'],
    ['a file for a folder', 'file/a.csv', 'ENOTDIR'],
    ['a folder', 'folder', 'EISDIR'],
    ['too long a name', 'x'.repeat(300), 'ENAMETOOLONG'],
  ])('%s', async (_, name, code) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'file'), 'good');
    mkdirSync(join(folder, 'folder'));
    const path = join(folder, name);
    const error = await errorOf(() => saveOutput(path, 'x'));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(error.message).toMatch(new RegExp(`^${path} cannot be written: ${code}: [a-z ]+\\.$`));
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('good');
  });

  it('a folder where a file is', async () => {
    const file = join(makeFolder(), 'file');
    writeFileSync(file, 'good');
    const error = await errorOf(() => makeOutputFolder(join(file, 'figures')));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
