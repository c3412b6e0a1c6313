import { expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { countPrototypes } from '../../../src/core/models/prototypes.ts';
import { withSettings } from '../../support/settings.ts';

it('counts the prototypes of a class, and none of a model without', () => {
  const { model } = withSettings(presets['mnist-protopnet'], { prototypesPerClass: 7 });
  expect(countPrototypes(model)).toBe(7);
  expect(countPrototypes(presets['mnist-c'].model)).toBe(0);
});
