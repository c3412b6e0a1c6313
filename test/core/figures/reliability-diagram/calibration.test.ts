import { describe, expect, it } from 'vitest';
import { computeCalibration } from '../../../../src/core/figures/reliability-diagram/calibration.ts';

describe('calibration', () => {
  // Bins of width 1/4. [0.5, 0.75): one image, right: |1 - 0.5| = 0.5.
  // [0.75, 1]: 0.75 wrong, 0.875 and 1 right: |2/3 - 0.875| = 5/24, weighted 3/4.
  const { bins, expectedError } = computeCalibration(
    [0.5, 0.75, 0.875, 1],
    [true, false, true, true],
    4,
  );

  it('puts every confidence into its bin, 1 into the last', () => {
    expect(bins.map(({ count }) => count)).toEqual([0, 0, 1, 3]);
    expect(bins.map(({ low, high }) => [low, high])).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 0.75],
      [0.75, 1],
    ]);
  });

  it('has no means where a bin is empty', () => {
    expect(bins[0]).toMatchObject({ confidence: null, accuracy: null });
    expect(bins[3]?.confidence).toBeCloseTo(0.875, 12);
    expect(bins[3]?.accuracy).toBeCloseTo(2 / 3, 12);
  });

  it('weighs the gaps by the images: 1/4 of 1/2 and 3/4 of 5/24', () => {
    expect(expectedError).toBeCloseTo(1 / 8 + 5 / 32, 12);
  });

  it('is zero where accuracy is confidence', () => {
    expect(computeCalibration([0.5, 0.5], [true, false], 10).expectedError).toBe(0);
  });
});
