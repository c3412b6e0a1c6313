import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyFigure } from '../../../src/main/export/figureVerify.ts';
import type { FigureSource } from '../../../src/core/figures/source.ts';
import { DatasetLibrary } from '../../../src/main/datasets/library.ts';
import { computeSha256 } from '../../../src/main/platform/hashes.ts';
import { openHistory, type History } from '../../../src/main/store/history.ts';
import { DatasetCache } from '../../../src/main/workbench/datasetsApi.ts';
import { fakeExplaining } from '../../support/fakeExplaining.ts';
import { createFigureSource } from '../../../src/main/workbench/figureSource.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';

/** A data folder with figures in it, as an application whose figures were of version 1 left it. */
const stored = readFileSync(join(import.meta.dirname, '../../fixtures/figures/version1.zip'));

let dataDir: string;
let history: History;
let source: FigureSource;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
  for (const [name, bytes] of Object.entries(unzipSync(stored))) {
    mkdirSync(dirname(join(dataDir, name)), { recursive: true });
    writeFileSync(join(dataDir, name), bytes);
  }
  history = openHistory({ dataDir, version: 'test' });
  const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
  source = createFigureSource(history, new DatasetCache(library), fakeExplaining);
});
afterEach(() => {
  history.close();
  removeFolder(dataDir);
});

const at = (name: string): string => join(dataDir, 'figures', name);
const verify = (name: string) => verifyFigure(at(name), source);

it('maps have the same numbers, though cells are drawn otherwise now', async () => {
  const result = await verify('maps.pdf');
  expect(result).toMatchObject({ verdict: 'sameNumbers', differences: [], changes: [] });
  expect(result.drawing).toContain('cells of maps are drawn without streaks');
  expect(result.checked).toEqual([at('maps.svg'), at('maps.csv')]);
  expect(result.unchecked).toEqual([at('maps.pdf'), at('maps.png')]);
});

it('a sweep with C runs has the same numbers, though their weight is not told any more', async () => {
  expect(await verify('sweep.svg')).toMatchObject({ verdict: 'sameNumbers', differences: [] });
});

it('curves are the same to the byte', async () => {
  expect(await verify('curves.svg')).toMatchObject({ verdict: 'same', drawing: null });
});

it('a sweep cannot be held to its numbers without its table', async () => {
  rmSync(at('sweep.csv'));
  const { verdict, differences } = await verify('sweep.svg');
  expect([verdict, differences]).toEqual([
    'different',
    [expect.stringMatching(/sweep\.csv, which would tell numbers from layout, is not here/)],
  ]);
});

it.each([
  ['an accuracy', ',91.1', ',91.2'],
  ['a weight that is used', 'R,0.5', 'R,0.25'],
])('a sweep that was drawn with %s of another value differs', async (_, is, was) => {
  const table = readFileSync(at('sweep.csv'), 'utf8').replace(is, was);
  writeFileSync(at('sweep.csv'), table);
  const record = JSON.parse(readFileSync(at('sweep.figure.json'), 'utf8')) as object;
  const dataHash = computeSha256(table);
  writeFileSync(at('sweep.figure.json'), JSON.stringify({ ...record, dataHash }));
  expect(await verify('sweep.svg')).toMatchObject({
    verdict: 'different',
    differences: ['the history yields other numbers than were drawn'],
  });
});
