import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calibrate, computeCalibration } from '../../../src/core/metrics/calibration.ts';

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

/** What make_calibration.py wrote. */
const golden = z
  .object({
    count: z.number(),
    cases: z.array(z.object({ sharpness: z.number(), bins: z.number(), error: z.number() })),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../golden/calibration.json', import.meta.url), 'utf8')),
  );

it.each(golden.cases)('is what torchmetrics has: $sharpness, $bins bins', (one) => {
  const weights = (i: number): number[] =>
    [((i * 37) % 101) + 1.37, ((i * 53) % 89) + 1.19, ((i * 71) % 97) + 1.53].map(
      (weight) => weight ** one.sharpness,
    );
  const indices = Array.from({ length: golden.count }, (_, i) => i);
  const probabilities = Float32Array.from(
    indices.flatMap((i) => {
      const raised = weights(i);
      const sum = raised.reduce((a, b) => a + b, 0);
      return raised.map((weight) => weight / sum);
    }),
  );
  const labels = Uint8Array.from(indices, (i) => (i * i + Math.floor(i / 7)) % 3);
  const { expectedError } = calibrate({ classes: 3, labels, probabilities }, one.bins);
  expect(expectedError).toBeCloseTo(one.error, 6);
});
