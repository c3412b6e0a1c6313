import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { findProcess, isAlive } from '../../../src/main/platform/processes.ts';
import { nameUnfinished, removeAbandoned } from '../../../src/main/platform/unfinished.ts';
import { makeFolder } from '../../support/digits.ts';

const writer = fileURLToPath(new URL('./writer.ts', import.meta.url));

it('removes what a killed process left, and nothing while it lives', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'a.pdf'), 'good');
  const child = spawn(process.execPath, [writer, 'begin', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  const begun = readdirSync(folder);
  expect(begun).toHaveLength(7);
  await removeAbandoned(folder);
  expect(readdirSync(folder)).toEqual(begun);
  child.kill('SIGKILL');
  await once(child, 'close');
  await removeAbandoned(folder);
  expect(readdirSync(folder)).toEqual(['a.pdf']);
});

it('knows a process from an earlier one of the same number', async () => {
  const folder = makeFolder();
  const own = basename(nameUnfinished(folder));
  const parts = own.split('-');
  const change = (at: number, part: string): string =>
    parts.map((known, i) => (i === at ? part : known)).join('-');
  const earlier = change(3, '0badc0de');
  const elsewhere = change(2, '0badc0de');
  const others = [
    elsewhere,
    '.afterimage.partial',
    '.afterimage-1.partial',
    `${own}x`,
    'x.partial',
  ];
  for (const name of [own, earlier, ...others]) writeFileSync(join(folder, name), '');
  await removeAbandoned(folder);
  expect(readdirSync(folder).sort()).toEqual([own, ...others].sort());
});

it('of whom nobody can tell, it removes what was not written to for a week', async () => {
  const folder = makeFolder();
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  const unfinished = [
    basename(nameUnfinished(folder)).replace(/-[0-9a-f]{8}-/, '-0badc0de-'),
    `.runs.afterimage.${uuid}.partial`,
    `.backup.sqlite.${uuid}.partial-journal`,
    `${'ab'.repeat(32)}.safetensors.${uuid}.tmp`,
  ];
  const others = [`a.pdf.${uuid}.tmp`, `a.${uuid}.partial`, '.x.partial'];
  for (const name of [...unfinished, ...others]) writeFileSync(join(folder, name), '');
  await removeAbandoned(folder);
  expect(readdirSync(folder)).toHaveLength(unfinished.length + others.length);
  const ago = new Date(Date.now() - 8 * 24 * 3600 * 1000);
  for (const name of [...unfinished, ...others]) utimesSync(join(folder, name), ago, ago);
  await removeAbandoned(folder);
  expect(readdirSync(folder).sort()).toEqual([...others].sort());
});

it('a folder that is not there holds nothing', async () => {
  await expect(removeAbandoned(join(makeFolder(), 'none'))).resolves.toBeUndefined();
});

it('never gives a name twice', () => {
  const names = Array.from({ length: 100 }, () => nameUnfinished('x'));
  expect(new Set(names).size).toBe(100);
});

it('a process is alive as long as it and its start are there', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  const found = findProcess(child.pid ?? 0);
  expect(found).toMatchObject({ pid: child.pid });
  const owner = found ?? { pid: 0, started: '' };
  expect(isAlive(owner)).toBe(true);
  expect(isAlive({ ...owner, started: 'another day' })).toBe(owner.started === '');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(isAlive(owner)).toBe(false);
});
