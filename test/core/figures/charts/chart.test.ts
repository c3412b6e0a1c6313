import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanOf, styleSeries } from '../../../../src/core/figures/charts/chart.ts';
import { chooseBins } from '../../../../src/core/figures/charts/histogram.ts';
import { countBins } from '../../../../src/core/figures/statistics.ts';

describe('the range of an axis', () => {
  it('leaves a margin, also around one value', () => {
    expect(spanOf([1, 3], 0.05)).toEqual([0.9, 3.1]);
    expect(spanOf([2])).toEqual([1.8, 2.2]);
    expect(spanOf([Number.NaN])).toEqual([0, 1]);
  });
});

describe('bins', () => {
  it('have round edges, one of them at zero', () => {
    expect(chooseBins([-0.13, 0.42], 10)).toEqual({ range: [-0.2, 0.5], count: 7 });
  });

  it('are one of a readable width where all values are the same', () => {
    expect(chooseBins([0, 0], 10)).toEqual({ range: [0, 0.1], count: 1 });
  });

  it('hold every value, each sign on its side of zero', () => {
    const values = fc.array(
      fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(values, (all) => {
        const { range, count } = chooseBins(all, 20);
        const counts = countBins(all, range, count);
        const zero = Math.round((-range[0] / (range[1] - range[0])) * count);
        const below = counts.slice(0, Math.max(0, zero)).reduce((a, b) => a + b, 0);
        expect(counts.reduce((a, b) => a + b)).toBe(all.length);
        if (range[0] < 0 && range[1] > 0) {
          expect(below).toBe(all.filter((value) => value < 0).length);
        }
      }),
    );
  });

  it('count a value at an inner edge above it, and at the upper end below it', () => {
    expect(countBins([0, 0.25, 0.5, 1, Number.NaN], [0, 1], 4)).toEqual([1, 1, 1, 1]);
    // (0 + 0.65) / 0.7 * 14 is a little less than 13 in floating point.
    const { range, count } = chooseBins([-0.601, 0.001, 0], 20);
    expect(countBins([0], range, count).indexOf(1)).toBe(13);
  });
});

describe('the look of series', () => {
  it('gives each paradigm its colour once, and every series its own dashes', () => {
    const styles = styleSeries(['C', 'R', 'C', 'R']);
    expect(styles.slice(0, 2).map(({ color }) => color)).toEqual(['#0072b2', '#d55e00']);
    expect(new Set(styles.map(({ color }) => color)).size).toBe(4);
    expect(new Set(styles.map(({ dashes }) => dashes.join(' '))).size).toBe(4);
  });
});
