import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { bootstrapMeans, quantileOf } from '../../../src/core/statistics/bootstrap.ts';
import { finish, statisticsGolden } from '../../support/statisticsGolden.ts';

/** The differences of make_statistics.py. */
const differences = Float64Array.from(
  { length: 400 },
  (_, i) => ((i * i * 7 + 13 * i) % 101) / 100 - 0.42,
);

const run = (columns: Float64Array[], seed = 1, resamples = 10_000) =>
  finish(bootstrapMeans(columns, { resamples, random: Random.fromSeed(seed) }));

describe('the paired bootstrap', () => {
  it("has SciPy's percentile interval, up to the draws' noise", () => {
    const { low, high, standardError } = statisticsGolden.bootstrap;
    const [result] = run([differences]);
    const noise = 0.08 * standardError;
    expect(Math.abs((result?.low ?? Number.NaN) - low)).toBeLessThan(noise);
    expect(Math.abs((result?.high ?? Number.NaN) - high)).toBeLessThan(noise);
  });

  it('is the same for the same seed and another for another', () => {
    expect(run([differences], 3)).toEqual(run([differences], 3));
    expect(run([differences], 3)).not.toEqual(run([differences], 4));
  });

  it('leaves out pairs without a value in that measure alone, and counts them', () => {
    const holes = differences.map((value, i) => (i % 4 === 0 ? Number.NaN : value));
    const [whole, holed] = run([differences, holes], 1, 2_000);
    expect(run([differences], 1, 2_000)[0]).toEqual(whole);
    const defined = differences.filter((_, i) => i % 4 !== 0);
    const mean = defined.reduce((a, b) => a + b, 0) / defined.length;
    expect(holed?.n).toBe(300);
    expect(holed?.difference).toBeCloseTo(mean, 12);
    const [alone] = run([defined], 1, 2_000);
    const width = (result: typeof alone) => (result?.high ?? 0) - (result?.low ?? 0);
    expect(width(holed) / width(alone)).toBeGreaterThan(0.93);
    expect(width(holed) / width(alone)).toBeLessThan(1.07);
  });

  it('has a p of 1 without differences, and the least that its resamples allow far from 0', () => {
    const [none, far] = run([new Float64Array(50), new Float64Array(50).fill(3)], 1, 999);
    expect(none).toMatchObject({ difference: 0, low: 0, high: 0, pValue: 1 });
    expect(far).toMatchObject({ difference: 3, low: 3, high: 3, pValue: 2 / 1000 });
  });

  it('rejects a true null hypothesis about as often as its level says', () => {
    const random = Random.fromSeed(11);
    const trials = 200;
    let rejected = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const sample = Float64Array.from({ length: 60 }, () => random.uniform(-1, 1));
      const [result] = run([sample], trial, 400);
      rejected += (result?.pValue ?? 1) < 0.05 ? 1 : 0;
    }
    // 10 expected; more than 22 or fewer than 2 would happen once in some thousand times.
    expect(rejected).toBeGreaterThanOrEqual(2);
    expect(rejected).toBeLessThanOrEqual(22);
  });

  it('interpolates quantiles linearly, as NumPy does', () => {
    // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 1])
    const sorted = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.1, 0.5, 1].map((share) => quantileOf(sorted, share))).toEqual([1, 1.3, 3, 8]);
  });
});
