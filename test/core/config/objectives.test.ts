import { withSettings } from '../../support/settings.ts';
import { expect, it } from 'vitest';
import { haveOneObjective } from '../../../src/core/config/objectives.ts';
import { presets } from '../../../src/core/config/presets.ts';

const [c, r] = [presets['mnist-c'], presets['mnist-r']];

it('is another one under C and R, and under R with another weight', () => {
  expect(haveOneObjective([c, r])).toBe(false);
  expect(haveOneObjective([r, withSettings(r, { camWeight: 2 })])).toBe(false);
  expect(haveOneObjective([r, withSettings(r, { distanceReduction: 'mean' })])).toBe(false);
});

it('is one whatever else differs, and whatever C does not read', () => {
  expect(haveOneObjective([r, withSettings(r, { learningRate: 0.5, camGradient: 'full' })])).toBe(
    true,
  );
  expect(haveOneObjective([c, withSettings(c, { targetLayer: 'relu1' })])).toBe(true);
  expect(haveOneObjective([r, withSettings(r, { targetLayer: 'relu1' })])).toBe(false);
  expect(haveOneObjective([])).toBe(true);
});
