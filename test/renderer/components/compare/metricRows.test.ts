import { expect, it } from 'vitest';
import type { EpochMetricName } from '../../../../src/core/metrics/epochMetrics.ts';
import { isRecorded } from '../../../../src/core/metrics/exampleMetrics.ts';
import {
  compareMetric,
  comparedRows,
} from '../../../../src/renderer/components/compare/metricRows.ts';
import { buildMapMeans, buildMetrics } from '../../../support/epochMetrics.ts';

const build = (name: EpochMetricName, value: number | null) =>
  buildMetrics(
    isRecorded(name) ? { mapMeans: buildMapMeans({ [name]: value }) } : { [name]: value },
  );
const compare = (name: EpochMetricName, ...values: (number | null)[]) =>
  compareMetric(
    name,
    values.map((value) => [build(name, value)]),
  );

it('sets each run beside the first', () => {
  expect(compare('testAccuracy', 0.9917, 0.9844, 0.995)).toEqual([
    { text: '99.17%', difference: '', isBetter: null },
    { text: '98.44%', difference: '−0.73 pp', isBetter: false },
    { text: '99.50%', difference: '+0.33 pp', isBetter: true },
  ]);
});

it('knows that fewer errors are better', () => {
  expect(compare('falsePredictions', 156, 83)[1]).toEqual({
    text: '83',
    difference: '−73',
    isBetter: true,
  });
});

it('judges neither equals nor losses of different objectives', () => {
  expect(compare('iou', 0.5, 0.5)[1]).toEqual({ text: '0.500', difference: '±0', isBetter: null });
  expect(compare('validationLoss', 1, 31)[1]?.isBetter).toBeNull();
});

it('compares nothing with a run that has no value', () => {
  expect(compare('trainAccuracy', null, 0.5)[1]?.difference).toBe('');
  expect(compareMetric('testAccuracy', [[null]])).toEqual([
    { text: '–', difference: '', isBetter: null },
  ]);
});

it('gives short times a decimal', () => {
  expect(compare('durationMs', 8000, 9500)[1]).toMatchObject({
    text: '9.5 s',
    difference: '+1.5 s',
  });
});

it('says over how many images a mean is, where those are not all', () => {
  const epochs = [0, 755].map((iou) =>
    buildMetrics({ testImages: 10_000, mapMeans: buildMapMeans({}, { iou }) }),
  );
  const [all, some] = compareMetric(
    'iou',
    epochs.map((epoch) => [epoch]),
  );
  expect(all).not.toHaveProperty('over');
  expect(some?.over).toEqual({
    n: '9,245',
    note: expect.stringContaining('Mean over 9,245 of 10,000 test images') as string,
  });
});

it('folds seeds to the digits that their spread leaves', () => {
  const side = (...values: number[]) => values.map((value) => build('testAccuracy', value));
  // SD of 99.1, 99.2, 99.3 is 0.1: three digits of it, 100, keep two. Half its interval: 4.3027 · 0.1 / √3.
  const sides = [side(0.991, 0.992, 0.993), side(0.95)];
  expect(compareMetric('testAccuracy', sides)).toEqual([
    { text: '99.20 ± 0.10%', difference: '', isBetter: null },
    { text: '95.00%', difference: '−4.20 pp', isBetter: false },
  ]);
  expect(compareMetric('testAccuracy', sides, 'interval')[0]?.text).toBe('99.20 ± 0.25%');
});

it('has a row for every metric of maps that epochs record', () => {
  expect(comparedRows).toEqual(expect.arrayContaining(['inputCorrelation', 'energyInside', 'iou']));
  expect(new Set(comparedRows).size).toBe(comparedRows.length);
});
