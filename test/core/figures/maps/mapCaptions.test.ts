import { describe, expect, it } from 'vitest';
import { formatConfidence } from '../../../../src/core/figures/maps/mapCaptions.ts';

describe('confidence', () => {
  it('is not rounded up to certainty', () => {
    expect([0.934, 0.9951, 0.9999, 1].map(formatConfidence)).toEqual([
      '0.93',
      '>0.99',
      '>0.99',
      '1.00',
    ]);
  });
});
