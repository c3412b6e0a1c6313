import { expect, it } from 'vitest';
import {
  configKeys,
  differenceFromPreset,
  differingKeys,
  fieldTitle,
  formatConfigValue,
} from '../../../../src/renderer/components/run/configDifference.ts';
import { presetNames, presets } from '../../../../src/core/config/presets.ts';

it.each(presetNames)('finds no difference of %s from itself', (name) => {
  expect(differenceFromPreset(presets[name])).toEqual({ preset: name, changes: [] });
});

it('names what was changed, and from what', () => {
  const config = { ...presets['mnist-r'], camWeight: 0.5, epochs: 3, patience: null };
  expect(differenceFromPreset(config)).toEqual({
    preset: 'mnist-r',
    changes: [
      { key: 'camWeight', preset: 1, value: 0.5 },
      { key: 'epochs', preset: 30, value: 3 },
      { key: 'patience', preset: 3, value: null },
    ],
  });
});

it('stays with the paradigm for a data set of its own', () => {
  const config = { ...presets['mnist-r'], dataset: 'medmnist' };
  expect(differenceFromPreset(config).changes.map(({ key }) => key)).toEqual(['dataset']);
  expect(differenceFromPreset(config).preset).toBe('mnist-r');
});

it('tells configurations apart', () => {
  expect(differingKeys([presets['mnist-c'], presets['fashion-r']])).toEqual([
    'dataset',
    'testFraction',
    'paradigm',
  ]);
  expect(differingKeys([presets['mnist-c']])).toEqual([]);
});

it('has words for every field and value', () => {
  for (const key of configKeys) expect(fieldTitle(key)).not.toBe(key);
  expect(formatConfigValue('patience', null)).toBe('off');
  expect(formatConfigValue('trainExamples', null)).toBe('all');
  expect(formatConfigValue('learningRate', 1e-5)).toBe('1e-5');
});
