import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spreadEpochs } from '../../../src/core/figures/spreadEpochs.ts';

it('spreads evenly from the first to the last', () => {
  expect(spreadEpochs(12, null, 5)).toEqual([0, 3, 6, 9, 12]);
  expect(spreadEpochs(3, null, 8)).toEqual([0, 1, 2, 3]);
});

it('lets the best take the place of the nearest between', () => {
  expect(spreadEpochs(12, 7, 5)).toEqual([0, 3, 7, 9, 12]);
  expect(spreadEpochs(12, 11, 3)).toEqual([0, 11, 12]);
});

it('always has the first, the last and the best, ascending, once each', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.integer({ min: 3, max: 20 }), (last, place, count) => {
      const best = Math.min(place, last);
      const epochs = spreadEpochs(last, best, count);
      expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
      expect(epochs.length).toBeLessThanOrEqual(count);
      expect(epochs).toEqual(expect.arrayContaining([0, last, best]));
    }),
  );
});
