import { expect, it } from 'vitest';
import { findFaults, type PackagedFile } from '../../scripts/packagedFiles.ts';

const file = (path: string, changes: Partial<PackagedFile> = {}): PackagedFile => ({
  ...{ path, bytes: 1000, isUnpacked: false },
  ...changes,
});
const sqlite = file('node_modules/better-sqlite3/build/a.node', { isUnpacked: true });
const whole = [
  ...['package.json', 'out/package.js', 'out/main/index.js', 'out/main/cli.js'],
  ...['out/preload/index.cjs', 'out/renderer/index.html'],
  ...['figureThread', 'exportThread'].map((name) => `out/main/workbench/${name}.js`),
  'out/main/learning/trainerProcess.js',
  'out/THIRD-PARTY-NOTICES.txt',
  'node_modules/zod/index.js',
].map((path) => file(path));
const tools = new Set(['vitest', '@types/node']);

it('finds nothing wrong with what a package must be', () => {
  expect(findFaults([...whole, sqlite], tools)).toEqual([]);
});

it.each([
  [[file('out/screenshots/runs.png')], 'files of development: out/screenshots/runs.png'],
  [[file('test/a.js')], 'files of development: test/a.js'],
  [[file('node_modules/zod/index.d.ts')], 'files of development: node_modules/zod/index.d.ts'],
  [
    [file('node_modules/a/node_modules/@types/node/index.js')],
    'packages of development: node_modules/a/node_modules/@types/node/index.js',
  ],
  [
    [file('node_modules/b/b.node')],
    'native modules inside the archive, which no system loads: node_modules/b/b.node',
  ],
  [[file('out/renderer/a.js', { bytes: 800e6 })], '800 MB, more than 700'],
  [
    ['a', 'b', 'c', 'd', 'e'].map((name) => file(`docs/${name}.html`)),
    'files of development: docs/a.html, docs/b.html, docs/c.html, and 2 more',
  ],
])('names what should not be there: %#', (more, fault) => {
  expect(findFaults([...whole, sqlite, ...more], tools)).toEqual([fault]);
});

it('names what is missing', () => {
  const without = whole.filter(({ path }) => path !== 'out/main/index.js');
  expect(findFaults(without, tools)).toEqual([
    'missing: out/main/index.js',
    'the native module of better-sqlite3 is missing',
  ]);
});
