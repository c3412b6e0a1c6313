import { describe, expect, it } from 'vitest';
import { keepAttainable, spanMetric } from '../../../../src/core/figures/charts/metricAxis.ts';
import { listTicks } from '../../../../src/core/figures/charts/ticks.ts';

describe('the axis of a metric', () => {
  it('goes no further beyond what the metric can be than its margin', () => {
    // One value, 100, would have an axis from 90 to 110.
    expect(spanMetric('testAccuracy', [100])).toEqual([90, 100.5]);
    expect(spanMetric('validationLoss', [0, 2])).toEqual([-0.1, 2.1]);
    expect(spanMetric('falsePredictions', [100, 200])).toEqual([95, 205]);
  });

  it('has ticks at values that the metric can have', () => {
    const texts = (metric: 'testAccuracy' | 'falsePredictions') =>
      keepAttainable(metric, listTicks([95, 106], 3)).map(({ text }) => text);
    expect(texts('testAccuracy')).toEqual(['95', '100']);
    expect(texts('falsePredictions')).toEqual(['95', '100', '105']);
  });
});
