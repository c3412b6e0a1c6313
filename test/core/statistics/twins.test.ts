import { expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { changeSetting } from '../../../src/core/config/settingValues.ts';
import { areTwins } from '../../../src/core/statistics/twins.ts';

const of = (
  config: (typeof presets)['mnist-c'],
  seed = 1,
  datasetId: string | null = 'digits',
) => ({
  config,
  seed,
  datasetId,
});
const c = of(presets['mnist-c']);
const r = of(presets['mnist-r']);

it('takes C and R of the same settings and seed for twins, whatever the weight of the term', () => {
  expect(areTwins(c, r)).toBe(true);
  expect(areTwins(r, c)).toBe(true);
  const heavy = changeSetting(presets['mnist-r'], 'objective.contrastive.weight', 10);
  expect(areTwins(c, of(heavy))).toBe(true);
  expect(areTwins(c, of(presets['mnist-ssim']))).toBe(true);
});

it('takes no run of its own paradigm, of another seed, other images or other settings', () => {
  expect(areTwins(c, c)).toBe(false);
  expect(areTwins(c, of(presets['mnist-r'], 2))).toBe(false);
  expect(areTwins(c, of(presets['mnist-r'], 1, 'other'))).toBe(false);
  expect(areTwins(c, of(presets['fashion-r']))).toBe(false);
  const slower = changeSetting(presets['mnist-r'], 'optimizer.learningRate', 0.01);
  expect(areTwins(c, of(slower))).toBe(false);
});

it('goes by the name of the data set while a run has not read it', () => {
  expect(areTwins(c, of(presets['mnist-r'], 1, null))).toBe(true);
  expect(areTwins(c, of(presets['fashion-r'], 1, null))).toBe(false);
});
