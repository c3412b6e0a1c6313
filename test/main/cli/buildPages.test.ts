import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isFresh } from '../../../src/main/cli/buildPages.ts';
import { makeFolder } from '../store/fixtures.ts';

it('builds again where any source, however deep, is newer than what was built, or nothing is', () => {
  const folder = makeFolder();
  const write = (path: string, seconds: number): void => {
    writeFileSync(join(folder, path), path);
    utimesSync(join(folder, path), seconds, seconds);
  };
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  write('src/deep/a.ts', 1000);
  write('lock.json', 1500);
  const fresh = (): boolean => isFresh(folder, 'index.html', ['src', 'lock.json', 'absent']);
  expect(fresh()).toBe(false);
  write('index.html', 2000);
  expect(fresh()).toBe(true);
  write('src/deep/a.ts', 3000);
  expect(fresh()).toBe(false);
  write('index.html', 4000);
  write('lock.json', 5000);
  expect(fresh()).toBe(false);
});
