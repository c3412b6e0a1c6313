import { withSettings } from '../../support/settings.ts';
import { expect, it } from 'vitest';
import {
  haveOneObjective,
  lossTermNames,
  ownTermsOf,
  paradigmOf,
} from '../../../src/core/config/objectives.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { termTitle } from '../../../src/core/metrics/epochs/losses.ts';

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

const own = presets['mnist-protopnet'];

it('has a model’s own terms by the weights that its fields give them, and by no other name', () => {
  const changed = withSettings(own, { clusterWeight: 0.5, separationWeight: 0.25 });
  expect(ownTermsOf(changed)).toEqual([
    { name: 'cluster', weight: 0.5 },
    { name: 'separation', weight: -0.25 },
  ]);
  expect(ownTermsOf(c)).toEqual([]);
  expect(paradigmOf(own)).toBe('C');
});

it('is another one with terms of the model, or with others of their weights', () => {
  expect(haveOneObjective([c, own])).toBe(false);
  expect(haveOneObjective([own, withSettings(own, { clusterWeight: 1 })])).toBe(false);
  expect(haveOneObjective([own, withSettings(own, { projectEvery: 3 })])).toBe(true);
});

it('calls what it stores by the names of all terms, a model’s own last', () => {
  expect(lossTermNames.slice(-2)).toEqual(['cluster', 'separation']);
  expect(termTitle('cluster')).toBe('cluster term');
});
