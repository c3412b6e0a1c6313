import { expect, it } from 'vitest';
import {
  formatDifference,
  formatInterval,
  formatMean,
  judge,
} from '../../../../src/renderer/components/compare/statisticsText.ts';
import type { ComparisonRow } from '../../../../src/core/statistics/comparisonRows.ts';

const row = (change: Partial<ComparisonRow>): ComparisonRow => ({
  metric: 'ssim',
  title: 'SSIM',
  decimals: 3,
  meanA: 0.1,
  meanB: 0.3,
  deviationA: null,
  deviationB: null,
  difference: 0.2,
  low: -0.1234,
  high: 0.4,
  tests: [],
  cohensD: 1,
  rankBiserial: 1,
  n: 10,
  excluded: 0,
  ...change,
});

it('gives means with their deviation, differences with their sign', () => {
  expect(formatMean(0.28, null, 3)).toBe('0.280');
  expect(formatMean(0.28, 0.0123, 3)).toBe('0.280 ± 0.012');
  expect(formatMean(null, 0.1, 3)).toBe('–');
  expect(formatDifference(row({}))).toBe('+0.200');
  expect(formatDifference(row({ difference: -0.2 }))).toBe('−0.200');
  expect(formatDifference(row({ difference: null }))).toBe('–');
  expect(formatInterval(row({}))).toBe('−0.123 to 0.400');
  expect(formatInterval(row({ low: null }))).toBe('–');
  const accuracy = row({ metric: 'testAccuracy', decimals: 1, difference: -0.73 });
  expect(formatDifference(accuracy)).toBe('−0.7 pp');
  expect(formatInterval(accuracy)).toBe('−0.1 to 0.4 pp');
});

it('knows which way each metric is better', () => {
  expect(judge(row({}))).toBe('better');
  expect(judge(row({ metric: 'squaredDistance' }))).toBe('worse');
  expect(judge(row({ metric: 'squaredDistance', difference: -1 }))).toBe('better');
  expect(judge(row({ metric: 'confidence' }))).toBe('');
  expect(judge(row({ difference: 0 }))).toBe('');
});
