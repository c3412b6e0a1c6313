import { describe, expect, it } from 'vitest';
import { buildComparisonTable } from '../../../src/main/export/comparisonTable.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import {
  comparedMetricNames,
  type RunMeasures,
} from '../../../src/core/metrics/comparedMetrics.ts';
import type { ComparedSide, Comparison } from '../../../src/core/statistics/comparison.ts';
import {
  compareExamples,
  type MeasuredExamples,
} from '../../../src/core/statistics/compareExamples.ts';
import { compareSeeds } from '../../../src/core/statistics/compareSeeds.ts';
import { finish } from '../../support/statisticsGolden.ts';
import type { ComparedExampleMetricName } from '../../../src/core/metrics/exampleMetrics.ts';

const side = (label: string, seeds: number[]): ComparedSide => ({
  label,
  runs: seeds.map((seed) => ({ runId: label, name: label, seed, epoch: 1, numericsVersion: 2 })),
});

const metrics: ComparedExampleMetricName[] = ['iou', 'confidence'];
const examples = (right: number, iou: number[]): MeasuredExamples => {
  const values = Float32Array.from(iou);
  return {
    correct: Uint8Array.from(iou, (_, i) => (i < right ? 1 : 0)),
    values: Object.fromEntries(
      [...metrics, 'inputCorrelation'].map((name) => [name, values]),
    ) as MeasuredExamples['values'],
  };
};

const spread = (from: number): number[] => Array.from({ length: 40 }, (_, i) => from + (i % 4) / 8);
const gaps = [...spread(0.5)];
gaps[3] = Number.NaN;

const two = (): Comparison =>
  finish(
    compareExamples(
      [side('C', [1]), side('R', [1])],
      [examples(39, spread(0)), examples(30, gaps)],
      {
        ...{ bootstrapSeed: 1, metrics, warnings: [] },
      },
    ),
  );

const column = (csv: string, key: string): string[] => {
  const [head = [], ...rows] = csv.split('\r\n').map((line) => line.split(','));
  return rows.slice(0, -1).map((row) => row[head.indexOf(key)] ?? '');
};

describe('the table of a comparison', () => {
  it('is CSV with the digits that a share has, and p-values in full', () => {
    const csv = formatTable(buildComparisonTable(two()), 'csv');
    expect(csv.split('\r\n')[0]).toBe(
      'metric,meanA,meanB,difference,low,high,p,pAdjusted,cohensD,rankBiserial,n,excluded',
    );
    expect(column(csv, 'metric')).toEqual(['Accuracy (%)', 'IoU', 'Confidence']);
    // 39 and 30 of 40 images; nine are right under C alone, 2 / 2^9 of the sign patterns.
    expect(column(csv, 'meanA')[0]).toBe('97.5');
    expect(column(csv, 'meanB')[0]).toBe('75');
    expect(column(csv, 'difference')[0]).toBe('-22.5');
    expect(Number(column(csv, 'p')[0])).toBeCloseTo(2 / 2 ** 9, 12);
    expect(column(csv, 'n')).toEqual(['40', '39', '39']);
    expect(column(csv, 'excluded')).toEqual(['0', '1', '1']);
  });

  it('marks the metrics that leave images out', () => {
    const text = formatTable(buildComparisonTable(two()), 'md', { layout: 'rows', venue: null });
    expect(text).toContain('| Metric | C | R | R − C | 95% interval | p | p (Holm) |');
    expect(text).toMatch(/\| Accuracy \(%\) \| \d/);
    expect(text).toContain('| IoUᵃ |');
    expect(text).toContain('ᵃ Over 39 of 40 images: the others lack a value on one side or both.');
  });

  it('tells the tests over seeds apart, and has their deviations', () => {
    const measure = (value: number) => ({ value, standardError: null, n: 10, images: 10 });
    const runs = (values: number[]) =>
      values.map(
        (value) =>
          Object.fromEntries(
            comparedMetricNames.map((name) => [name, measure(value)]),
          ) as RunMeasures,
      );
    const comparison = compareSeeds(
      [side('C', [1, 2, 3]), side('R', [1, 2, 3])],
      [runs([0.9857, 0.9858, 0.9859]), runs([0.9757, 0.9761, 0.9759])],
      ['testAccuracy'],
    );
    const csv = formatTable(buildComparisonTable(comparison), 'csv');
    expect(csv.split('\r\n')[0]).toBe(
      'metric,meanA,deviationA,meanB,deviationB,difference,low,high,pT,pTAdjusted,pWilcoxon,pWilcoxonAdjusted,cohensD,rankBiserial,n,excluded',
    );
    expect(column(csv, 'meanA')).toEqual(['98.58']);
    expect(column(csv, 'deviationA')).toEqual(['0.01']);
    expect(column(csv, 'meanB')).toEqual(['97.59']);
    expect(column(csv, 'difference')).toEqual(['-0.99']);
    expect(column(csv, 'pWilcoxon')).toEqual(['0.25']);
    expect(
      formatTable(buildComparisonTable(comparison), 'md', { layout: 'rows', venue: null }),
    ).toContain('| p (t) | Holm (t) | p (W) | Holm (W) |');
  });
});
