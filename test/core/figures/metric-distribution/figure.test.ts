import { describe, expect, it } from 'vitest';
import { figure as metricDistribution } from '../../../../src/core/figures/metric-distribution/figure.ts';
import { figureData, labelOf } from '../../../support/figureData.ts';

describe('a metric’s distribution', () => {
  it('says the mean difference and its sign', () => {
    // Differences 0.2, 0.4, 0, 0.3: mean 0.225, three of four above zero.
    const caption = metricDistribution.caption(figureData['metric-distribution']);
    expect(caption).toContain('R − C: mean 0.225, positive for 75.0% of the images');
    expect(caption).toContain(
      '2 of their 6 common test images are left out, for which the metric is undefined: 2 under C, 1 under R.',
    );
  });

  it('tabulates what it leaves out as missing', () => {
    const { rows } = metricDistribution.tabulate(figureData['metric-distribution']);
    expect(rows).toContainEqual([6, null, 0.5]);
    expect(rows).toContainEqual([21, null, null]);
  });

  it('counts on a logarithmic scale where most bins would vanish beside one', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i < 990 ? 1 : (i - 989) / 20));
    const side = { run: labelOf('C'), epoch: 1, values };
    const exampleIds = values.map((_, i) => i);
    const data = { ...figureData['metric-distribution'], first: side, second: side, exampleIds };
    const isLog = (countScale: 'auto' | 'linear'): boolean =>
      metricDistribution.caption({ ...data, countScale }).includes('logarithmic');
    expect(isLog('auto')).toBe(true);
    expect(isLog('linear')).toBe(false);
    expect(metricDistribution.caption(figureData['metric-distribution'])).not.toContain(
      'logarithmic',
    );
  });
});
