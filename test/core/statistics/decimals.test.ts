import { describe, expect, it } from 'vitest';
import { commonDecimals, decimalsFor } from '../../../src/core/statistics/decimals.ts';
import { printP } from '../../../src/core/statistics/printP.ts';

describe('decimals', () => {
  // Particle Data Group: 0.827 +- 0.119 is given as 0.83 +- 0.12, and 0.827 +- 0.367 as 0.8 +- 0.4.
  it.each([
    [0.119, 2],
    [0.367, 1],
    [0.0354, 3],
    [0.0355, 2],
    [0.00949, 3],
    [0.0096, 3],
    [0.99, 1],
    [3.54, 1],
    [4, 0],
    [12, 0],
    [250, 0],
    [1e-9, 6],
  ])('of %d are %d', (uncertainty, decimals) => {
    expect(decimalsFor(uncertainty)).toBe(decimals);
  });

  it('follow the smallest uncertainty of a column', () => {
    expect(commonDecimals([0.5, null, 0.02, undefined], 4)).toBe(3);
    expect(commonDecimals([null, 0], 4)).toBe(4);
  });
});

describe('p-values', () => {
  it('are printed to three digits, small ones as a bound', () => {
    expect([1, 0.0423, 0.001, 0.00099].map(printP)).toEqual(['1.000', '0.042', '0.001', '<0.001']);
  });
});
