import { describe, expect, it } from 'vitest';
import {
  comparedMetricNames,
  type RunMeasures,
} from '../../../src/core/metrics/comparedMetrics.ts';
import { comparisonSchema, type ComparedSide } from '../../../src/core/statistics/comparison.ts';
import {
  compareExamples,
  type MeasuredExamples,
} from '../../../src/core/statistics/compareExamples.ts';
import { compareSeeds } from '../../../src/core/statistics/compareSeeds.ts';
import {
  describeMethods,
  listComparisonRows,
} from '../../../src/core/statistics/comparisonRows.ts';
import { testMcNemar } from '../../../src/core/statistics/mcnemar.ts';
import { testPairedT } from '../../../src/core/statistics/pairedTests.ts';
import { finish } from '../../support/statisticsGolden.ts';
import { comparedExampleMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';

const side = (label: string, seeds: number[]): ComparedSide => ({
  label,
  runs: seeds.map((seed) => ({
    runId: `${label}${seed}`,
    name: label,
    seed,
    epoch: 1,
    numericsVersion: 2,
  })),
});

const examples = (correct: number[], base: number[]): MeasuredExamples => {
  const column = (shift: number): Float32Array => Float32Array.from(base, (value) => value + shift);
  return {
    correct: Uint8Array.from(correct),
    values: {
      confidence: column(0),
      inputCorrelation: column(0.25),
      energyInside: column(0),
      iou: column(0),
      ssim: column(0),
      absoluteDistance: column(0),
      squaredDistance: column(0),
      pointing: column(0),
    },
  };
};

const compareTwo = (a: MeasuredExamples, b: MeasuredExamples) =>
  finish(
    compareExamples([side('C', [1]), side('R', [1])], [a, b], {
      bootstrapSeed: 5,
      metrics: comparedExampleMetricNames,
      warnings: ['x'],
    }),
  );

describe('two runs on the same examples', () => {
  const a = examples([1, 1, 0, 0, 1, 1], [0, 0.5, 0.25, Number.NaN, 0.5, 0]);
  const b = examples([1, 0, 1, 0, 0, 1], [0.5, 1, 0.5, 0.75, Number.NaN, 0.25]);
  const comparison = compareTwo(a, b);

  it('are counted right and wrong together', () => {
    expect(comparison.predictions).toMatchObject({
      ...{ bothRight: 2, onlyA: 2, onlyB: 1, bothWrong: 1 },
      accuracyA: 4 / 6,
      accuracyB: 3 / 6,
    });
    const { pValue } = testMcNemar({ bothRight: 2, onlyA: 2, onlyB: 1, bothWrong: 1 });
    expect(comparison.predictions.test.pValue).toBe(pValue);
  });

  it('differ as B - A, over the images that both have a value for', () => {
    // 0.5, 0.5, 0.25, 0.25; two left out.
    const metric = comparison.metrics.find(({ metric: name }) => name === 'ssim');
    expect(metric).toMatchObject({
      ...{ n: 4, excluded: 2, meanA: 0.1875, meanB: 0.5625, difference: 0.375 },
      rankBiserial: 1,
    });
    expect(metric?.low).toBe(0.25);
    expect(metric?.high).toBe(0.5);
    expect(metric?.cohensD).toBeCloseTo(0.375 / Math.sqrt(0.0625 / 3), 6);
  });

  it('are adjusted over all of the tests', () => {
    const smallest = comparison.metrics[0]?.test;
    // Nine tests; the eight metrics have the same p.
    expect(smallest?.adjusted).toBeCloseTo(Math.min(1, 9 * (smallest?.pValue ?? 1)), 12);
  });

  it('fit the contract, and keep what was known to limit them', () => {
    expect(comparisonSchema.parse(JSON.parse(JSON.stringify(comparison)))).toEqual(comparison);
    expect(comparison.warnings).toEqual([
      'x',
      "Only 3 images are predicted right by one run alone: McNemar's test cannot give a p below 0.250, adjusted 0.250, whatever they are.",
    ]);
  });

  it('say so where nothing can be compared', () => {
    const none = examples([1, 1], [Number.NaN, Number.NaN]);
    const empty = compareTwo(none, examples([1, 1], [0, 0]));
    expect(comparisonSchema.parse(JSON.parse(JSON.stringify(empty)))).toEqual(empty);
    expect(empty.metrics[4]).toMatchObject({ n: 0, excluded: 2, difference: null, test: null });
    expect(empty.warnings).toContain('ssim is undefined on every image of one run or the other.');
  });

  it('make rows with percentages and decimals by the interval', () => {
    const [accuracy] = listComparisonRows(comparison);
    expect(accuracy).toMatchObject({ title: 'Accuracy (%)', decimals: 0, n: 6 });
    expect(accuracy?.meanA).toBeCloseTo(400 / 6, 10);
  });
});

const all = { n: 500, images: 500 };
const measures = (accuracy: number, iou: number | null): RunMeasures => ({
  ...(Object.fromEntries(
    comparedMetricNames.map((name) => [name, { value: 0.5, standardError: 0.01, ...all }]),
  ) as RunMeasures),
  testAccuracy: { value: accuracy, standardError: 0.001, ...all },
  iou: { value: iou, standardError: null, ...all },
});

describe('two configurations over seeds', () => {
  const a = [measures(0.99, 0.1), measures(0.98, 0.2), measures(0.985, null)];
  const b = [measures(0.97, 0.5), measures(0.975, 0.5), measures(0.96, 0.4)];
  const comparison = compareSeeds([side('C', [1, 2, 3]), side('R', [1, 2, 3])], [a, b], null);
  const rowOf = (name: string) => comparison.metrics.find(({ metric }) => metric === name);

  it('are tested on their paired differences', () => {
    const expected = testPairedT([0.97 - 0.99, 0.975 - 0.98, 0.96 - 0.985]);
    expect(rowOf('testAccuracy')).toMatchObject({ n: 3, excluded: 0, rankBiserial: -1 });
    expect(rowOf('testAccuracy')?.tTest?.pValue).toBe(expected?.pValue);
    expect(rowOf('testAccuracy')?.wilcoxon).toMatchObject({ statistic: 0, pValue: 0.25 });
  });

  it('leave out seeds without a value, and metrics that never differ', () => {
    expect(rowOf('iou')).toMatchObject({ n: 2, excluded: 1 });
    expect(rowOf('ssim')).toMatchObject({ difference: 0, tTest: null, wilcoxon: null });
    // Two metrics were tested: accuracy and IoU.
    const p = rowOf('testAccuracy')?.wilcoxon;
    expect(p?.adjusted).toBe(0.5);
    expect(rowOf('falsePredictions')).toBeUndefined();
  });

  it('are told to be too few', () => {
    expect(comparison.warnings.slice(0, 2)).toEqual([
      "3 seeds are too few for Wilcoxon's test: its p cannot fall below 0.25, whatever the data; below 0.05 takes 6.",
      'With 3 seeds the t-test rests on 2 degrees of freedom and on differences that are normally distributed, which so few cannot show.',
    ]);
    expect(comparison.warnings).toContain('iou is undefined for 1 of 3 seeds.');
    expect(comparison.warnings).toContain(
      'ssim is the same on both sides for every seed: there is nothing to test.',
    );
    const six = [1, 2, 3, 4, 5, 6];
    const enough = compareSeeds(
      [side('C', six), side('R', six)],
      [six.map((i) => measures(0.9, i)), six.map((i) => measures(0.8 + i / 100, i / 2))],
      null,
    );
    expect(enough.warnings.filter((warning) => warning.includes('too few'))).toEqual([]);
    expect(comparisonSchema.parse(JSON.parse(JSON.stringify(enough)))).toEqual(enough);
  });
});

describe('what so few seeds can show', () => {
  const six = [1, 2, 3, 4, 5, 6];
  const sides = [side('C', six), side('R', six)] as const;
  /** Every metric differs for every seed, and always the same way. */
  const shifted = (by: number): RunMeasures[] =>
    six.map(
      (i) =>
        Object.fromEntries(
          comparedMetricNames.map((name) => [
            name,
            { value: 0.5 + by * i, standardError: 0.01, ...all },
          ]),
        ) as RunMeasures,
    );
  const both = [shifted(0.01), shifted(0.02)] as const;

  it('is told before a person reads that nothing is significant', () => {
    const comparison = compareSeeds(sides, both, null);
    // The clearest result there is: 11 metrics, 2 of 2^6 sign patterns.
    const attainable = { pValue: 2 / 64, adjusted: (11 * 2) / 64 };
    for (const { wilcoxon } of comparison.metrics) {
      expect(wilcoxon).toMatchObject({ ...attainable, attainable });
    }
    expect(comparison.warnings[0]).toBe(
      "Wilcoxon's p, adjusted by Holm over 11 metrics, cannot fall below 0.344 with 6 seeds, whatever the data: that it is not below 0.05 says nothing about the metrics. Below takes 9 seeds, or no more than 1 metric, chosen before the results are seen.",
    );
    expect(describeMethods(comparison)).toContain(
      'With so many seeds Wilcoxon’s p cannot fall below 0.031, adjusted 0.344, whatever the data.',
    );
  });

  it('is more where fewer metrics are tested', () => {
    const { metrics, warnings } = compareSeeds(sides, both, ['iou']);
    expect(metrics.map(({ metric }) => metric)).toEqual(['iou']);
    expect(metrics[0]?.wilcoxon).toMatchObject({ pValue: 2 / 64, adjusted: 2 / 64 });
    expect(warnings).toEqual([]);
  });

  it('is limited for McNemar’s test by the images that one run alone gets right', () => {
    const correct = [1, 1, 1, 1, 1, 1];
    const few = compareTwo(
      examples(correct, [0, 0, 0, 0, 0, 0]),
      examples([0, 0, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1]),
    );
    expect(few.predictions.test.attainable).toEqual({ pValue: 2 / 32, adjusted: 2 / 32 });
    expect(describeMethods(few)).toContain('McNemar’s p cannot fall below 0.063, adjusted 0.063');
  });
});

describe('runs of several versions of the arithmetic', () => {
  it('are compared with a warning, in the table’s caption too', () => {
    const [c, r] = [side('C', [1, 2]), side('R', [1, 2])];
    for (const run of r.runs) run.numericsVersion = 1;
    const pairs = [1, 2].map((i) => measures(0.9, i));
    const mixed = compareSeeds([c, r], [pairs, pairs], null);
    expect(mixed.warnings[0]).toContain('versions 1 and 2');
    expect(describeMethods(mixed)).toContain('versions 1 and 2');
    const alike = compareSeeds([r, r], [pairs, pairs], null);
    expect(alike.warnings.join()).not.toContain('version');
    expect(describeMethods(alike)).not.toContain('version');
  });
});
