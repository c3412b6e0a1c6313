import { expect, it } from 'vitest';
import { listBatchNotes, meanImages } from '../../../src/core/metrics/epochMetrics.ts';
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

it('notes what was odd about an epoch’s batches, one as one', () => {
  expect(listBatchNotes(metrics)).toEqual([]);
  const terms = { ...metrics.terms, unpairedBatches: 1 };
  expect(listBatchNotes({ ...metrics, nanBatches: 3, terms })).toEqual([
    '3 batches with a NaN',
    '1 batch without a pair',
  ]);
  const odd = { ...metrics, terms };
  expect(listBatchNotes(odd, metrics, odd)).toEqual(['2 batches without a pair']);
});
