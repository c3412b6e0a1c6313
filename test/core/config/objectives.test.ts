import { expect, it } from 'vitest';
import { haveOneObjective } from '../../../src/core/config/objectives.ts';
import { presets } from '../../../src/core/config/presets.ts';

const [c, r] = [presets['mnist-c'], presets['mnist-r']];

it('is another one under C and R, and under R with another weight', () => {
  expect(haveOneObjective([c, r])).toBe(false);
  expect(haveOneObjective([r, { ...r, camWeight: r.camWeight + 1 }])).toBe(false);
  expect(haveOneObjective([r, { ...r, distanceReduction: 'mean' }])).toBe(false);
});

it('is one whatever else differs, and whatever C does not read', () => {
  expect(haveOneObjective([r, { ...r, learningRate: 0.5, camGradient: 'full' }])).toBe(true);
  expect(haveOneObjective([c, { ...c, camWeight: 7 }])).toBe(true);
  expect(haveOneObjective([])).toBe(true);
});
