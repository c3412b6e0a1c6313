import { expect, it } from 'vitest';
import { presets, type PresetName } from '../../../src/core/config/presets.ts';
import { changeSettings } from '../../../src/core/config/settingValues.ts';
import type { SettingValue } from '../../../src/core/config/settings.ts';
import { suggestPairs } from '../../../src/core/statistics/suggestPairs.ts';

const run = (
  id: string,
  preset: PresetName,
  seed: number,
  changes: Record<string, SettingValue> = {},
  datasetId = 'data',
) => ({
  id,
  seed,
  validationLosses: [seed],
  datasetId,
  config: changeSettings(presets[preset], changes),
});
const idsOf = (runs: ReturnType<typeof run>[]) =>
  suggestPairs(runs, 5).map(({ a, b, seeds }) => [
    a.runs.map(({ id }) => id),
    b.runs.map(({ id }) => id),
    seeds,
  ]);

it('pairs two objectives on the same data by the seeds of both, most seeds first', () => {
  const heavy = { 'objective.contrastive.weight': 10 };
  expect(
    idsOf([
      run('h1', 'mnist-r', 1, heavy),
      run('c2', 'mnist-c', 2),
      run('c1', 'mnist-c', 1),
      { ...run('c1 again', 'mnist-c', 1), validationLosses: [9] },
      run('r3', 'mnist-r', 3),
      run('r1', 'mnist-r', 1),
      run('r2', 'mnist-r', 2),
    ]),
  ).toEqual([
    [
      ['c1', 'c2'],
      ['r1', 'r2'],
      [1, 2],
    ],
    [['h1'], ['c1'], [1]],
    [['h1'], ['r1'], [1]],
  ]);
});

it('calls the two by what tells them apart', () => {
  const rest = { 'objective.contrastive.weight': 10 };
  const [pair] = suggestPairs(
    [run('c1', 'mnist-c', 1), run('r1', 'mnist-r', 1), run('x1', 'mnist-r', 7, rest)],
    1,
  );
  expect([pair?.a.label, pair?.b.label]).toEqual(['C', 'R']);
});

it('suggests nothing that differs in more than what is minimised', () => {
  const slow = { 'optimizer.learningRate': 1e-4 };
  expect(idsOf([run('c1', 'mnist-c', 1), run('r1', 'mnist-r', 1, slow)])).toEqual([]);
  expect(idsOf([run('c1', 'mnist-c', 1), run('r1', 'mnist-r', 1, {}, 'other')])).toEqual([]);
  expect(idsOf([run('c1', 'mnist-c', 1), run('r2', 'mnist-r', 2)])).toEqual([]);
});
