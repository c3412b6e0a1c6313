import { expect, it } from 'vitest';
import { meanImages } from '../../../src/core/metrics/epochMetrics.ts';
import { leavesOut } from '../../../src/core/metrics/metric.ts';
import { buildMapMeans, buildMetrics } from '../../support/epochMetrics.ts';

const metrics = buildMetrics({
  testImages: 100,
  mapMeans: buildMapMeans({}, { inputCorrelation: 7, energyInside: 5, iou: 3 }),
});

it('subtracts from the test images those for which a metric is undefined', () => {
  expect(meanImages(metrics, 'inputCorrelation')).toEqual({ defined: 93, all: 100 });
  expect(meanImages(metrics, 'energyInside')).toEqual({ defined: 95, all: 100 });
  expect(meanImages(metrics, 'iou')).toEqual({ defined: 97, all: 100 });
});

it('counts nothing where every image has a value', () => {
  expect(meanImages(metrics, 'testAccuracy')).toBeNull();
  expect(leavesOut(null)).toBe(false);
  expect(leavesOut({ defined: 100, all: 100 })).toBe(false);
  expect(leavesOut({ defined: 99, all: 100 })).toBe(true);
});
