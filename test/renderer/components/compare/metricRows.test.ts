import { expect, it } from 'vitest';
import {
  compareMetric,
  metricDefinitions,
} from '../../../../src/renderer/components/compare/metricRows.ts';
import type { MetricKey } from '../../../../src/renderer/components/charts/curves.ts';
import { buildMetrics } from '../../../support/epochMetrics.ts';

function compare(key: MetricKey, ...values: (number | null)[]) {
  const definition = metricDefinitions.find((known) => known.key === key);
  if (definition === undefined) throw new Error(key);
  return compareMetric(
    definition,
    values.map((value) => buildMetrics({ [key]: value })),
  );
}

it('sets each run beside the first', () => {
  expect(compare('testAccuracy', 0.9917, 0.9844, 0.995)).toEqual([
    { text: '99.17%', difference: '', isBetter: null },
    { text: '98.44%', difference: '−0.73%', isBetter: false },
    { text: '99.50%', difference: '+0.33%', isBetter: true },
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
  const definition = metricDefinitions[0];
  if (definition === undefined) throw new Error('no metrics');
  expect(compareMetric(definition, [null])).toEqual([
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
  const definition = metricDefinitions.find(({ key }) => key === 'iou');
  if (definition === undefined) throw new Error('no IoU');
  const epochs = [0, 755].map((undefinedIous) =>
    buildMetrics({ testImages: 10_000, undefinedIous }),
  );
  const [all, some] = compareMetric(definition, epochs);
  expect(all).not.toHaveProperty('over');
  expect(some?.over).toEqual({
    n: '9,245',
    note: expect.stringContaining('Mean over 9,245 of 10,000 test images') as string,
  });
});
