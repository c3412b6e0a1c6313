import { expect, it } from 'vitest';
import {
  differenceFromPreset,
  formatConfigValue,
  settingTitle,
} from '../../../../src/renderer/components/run/configDifference.ts';
import { presetNames, presets } from '../../../../src/core/config/presets.ts';
import { settingPaths } from '../../../../src/core/config/settings.ts';
import { differingPaths } from '../../../../src/core/config/settingValues.ts';
import { withSettings } from '../../../support/settings.ts';

it.each(presetNames)('finds no difference of %s from itself', (name) => {
  expect(differenceFromPreset(presets[name])).toEqual({ preset: name, changes: [] });
});

it('names what was changed, and from what', () => {
  const config = withSettings(presets['mnist-r'], { camWeight: 0.5, epochs: 3, patience: null });
  expect(differenceFromPreset(config)).toEqual({
    preset: 'mnist-r',
    changes: [
      { path: 'objective.contrastive.weight', preset: 1, value: 0.5 },
      { path: 'training.epochs', preset: 30, value: 3 },
      { path: 'training.patience', preset: 3, value: null },
    ],
  });
});

it('says what another component brought with it, and not what went', () => {
  const config = withSettings(presets['mnist-c'], { optimizer: 'sgd' });
  expect(differenceFromPreset(config).changes).toEqual([
    { path: 'optimizer', preset: 'adam', value: 'sgd' },
    { path: 'optimizer.momentum', preset: undefined, value: 0.9 },
  ]);
});

it('stays with the objective for a data set of its own', () => {
  const config = withSettings(presets['mnist-r'], { dataset: 'medmnist' });
  expect(differenceFromPreset(config).changes.map(({ path }) => path)).toEqual(['data.dataset']);
  expect(differenceFromPreset(config).preset).toBe('mnist-r');
});

it('tells configurations apart, with what only some have', () => {
  expect(differingPaths([presets['mnist-c'], presets['fashion-r']])).toEqual([
    'data.dataset',
    'data.testFraction',
    'objective',
    'objective.contrastive.weight',
    'objective.contrastive.distanceReduction',
    'objective.contrastive.pairing',
    'objective.contrastive.margin',
  ]);
  expect(differingPaths([presets['mnist-c']])).toEqual([]);
});

it('has words for every setting and value, no two of them the same', () => {
  const titles = settingPaths.map(settingTitle);
  expect(new Set(titles).size).toBe(titles.length);
  for (const path of settingPaths) expect(titles).not.toContain(path);
  expect(formatConfigValue('training.patience', null)).toBe('off');
  expect(formatConfigValue('data.trainExamples', null)).toBe('all');
  expect(formatConfigValue('optimizer.learningRate', 1e-5)).toBe('1e-5');
  expect(formatConfigValue('optimizer.momentum', undefined)).toBe('–');
});
