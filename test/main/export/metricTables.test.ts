import { describe, expect, it } from 'vitest';
import {
  buildGroupTable,
  buildMetricTable,
  type MeasuredRun,
} from '../../../src/main/export/metricTables.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { inRows } from '../../../src/main/export/tablePlacement.ts';
import {
  comparedMetricNames,
  type ComparedMetricName,
  type Measure,
  type RunMeasures,
} from '../../../src/core/metrics/comparedMetrics.ts';
import { tableDocumentSchema } from '../../../src/core/statistics/comparison.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { runLatex } from '../../support/latex.ts';
import { buildRun } from '../../support/reportRuns.ts';
import { needTool, runTool } from '../../support/tools.ts';

const all = { n: 500, images: 500 };
const nothing: Measure = { value: null, standardError: null, n: 0, images: 500 };

const measured = (
  name: string,
  seed: number,
  values: Partial<Record<ComparedMetricName, Measure>>,
): MeasuredRun => ({
  run: buildRun({ id: name, name, seed, config: presets['mnist-c'] }),
  epoch: buildMetrics({ epoch: 4 }),
  measures: {
    ...(Object.fromEntries(comparedMetricNames.map((key) => [key, nothing])) as RunMeasures),
    ...values,
  },
});

const value = (mean: number, standardError: number | null = null): Measure => ({
  value: mean,
  standardError,
  ...all,
});

const metrics = ['testAccuracy', 'absoluteDistance', 'confidence', 'falsePredictions'] as const;
const runs = [
  measured('a_1 & b', 1, {
    testAccuracy: value(0.99173, 0.00087),
    absoluteDistance: value(0.21234, 0.0042),
    confidence: value(0.95, 0.001),
    falsePredictions: value(83),
  }),
  measured('[c]', 2, {
    testAccuracy: value(0.98442, 0.0012),
    absoluteDistance: value(0.1534, 0.0012),
    confidence: value(0.9, 0.001),
    falsePredictions: value(156),
  }),
];
const options = { metrics, epoch: 'best', boldBest: true } as const;

describe('a table over runs', () => {
  it('prints the decimals that the smallest standard error leaves, the best in bold', () => {
    const { rows } = buildMetricTable(runs, options);
    // 0.087% keeps one digit, 0.0012 two; of confidence neither way is better.
    expect(rows.map((row) => row.slice(5))).toEqual([
      [
        { value: 99.173, decimals: 2, bold: true },
        { value: 0.21234, decimals: 4, counts: [500] },
        { value: 0.95, decimals: 4 },
        { value: 83, decimals: 0, bold: true },
      ],
      [
        { value: 98.442, decimals: 2 },
        { value: 0.1534, decimals: 4, bold: true, counts: [500] },
        { value: 0.9, decimals: 4 },
        { value: 156, decimals: 0 },
      ],
    ]);
  });

  it('marks none unless asked, nor a single run, and all that are best as printed', () => {
    const bold = (table: ReturnType<typeof buildMetricTable>): unknown[] =>
      table.rows.flatMap((row) => row.filter((cell) => cell !== null && 'bold' in cell));
    expect(bold(buildMetricTable(runs, { ...options, boldBest: false }))).toEqual([]);
    expect(bold(buildMetricTable(runs.slice(0, 1), options))).toEqual([]);
    const alike = [
      measured('x', 1, { iou: value(0.5001, 0.01) }),
      measured('y', 2, { iou: value(0.4999, 0.01) }),
      measured('z', 3, {}),
    ];
    const table = buildMetricTable(alike, { ...options, metrics: ['iou'] });
    expect(bold(table)).toHaveLength(2);
    expect(formatTable(table, 'md', inRows)).toContain('| z | C | mnist | 3 | 4 | – |');
  });
});

const seeds = (label: string, accuracies: (number | null)[]) => ({
  label,
  runs: accuracies.map((accuracy, i) =>
    measured(`${label} ${i}`, i, { testAccuracy: accuracy === null ? nothing : value(accuracy) }),
  ),
});

describe('a table over groups of seeds', () => {
  const groups = [seeds('C', [0.99, 0.992, 0.994]), seeds('R', [0.98, 0.984, null])];
  const table = buildGroupTable(groups, { ...options, metrics: ['testAccuracy'] });

  it('is the mean, its deviation and its 95% interval', () => {
    // SciPy: t.interval(0.95, 2, 99.2, 0.2 / sqrt(3)); t.interval(0.95, 1, 98.2, 0.2)
    expect(formatTable(table, 'md', inRows).split('\n').slice(0, 4)).toEqual([
      '| Runs | Data set | n | Accuracy (%) | 95% interval (%) |',
      '| --- | --- | ---: | ---: | ---: |',
      '| C | mnist | 3 | **99.20 ± 0.20** | [98.70, 99.70] |',
      '| R | mnist | 3 | 98.20 ± 0.28 | [95.66, 100.74] |',
    ]);
    expect(table.caption).toContain('Accuracy is undefined for 1 of 3 runs of R.');
  });

  it('has all of it in CSV and JSON, in full', () => {
    const [head, first] = formatTable(table, 'csv').split('\r\n');
    expect(head).toBe(
      'group,dataset,n,testAccuracy,testAccuracyDeviation,testAccuracyLow,testAccuracyHigh',
    );
    expect(first?.split(',').slice(0, 3)).toEqual(['C', 'mnist', '3']);
    const document = tableDocumentSchema.parse(JSON.parse(formatTable(table, 'json')));
    const half = (4.302652729911275 * 0.2) / Math.sqrt(3);
    expect(document.rows[0]?.['testAccuracyDeviation']).toBeCloseTo(0.2, 10);
    expect(document.rows[0]?.['testAccuracyLow']).toBeCloseTo(99.2 - half, 8);
    expect(document.rows[0]?.['testAccuracyHigh']).toBeCloseTo(99.2 + half, 8);
    expect(document.columns.map(({ key }) => key)).toEqual(head?.split(','));
  });

  it('says over how many runs and images its means are', () => {
    const run = (seed: number, n: number) =>
      measured(`C ${seed}`, seed, {
        iou: { value: n === 0 ? null : 0.5, standardError: null, n, images: 500 },
      });
    const members = [run(1, 500), run(2, 480), run(3, 0)];
    const grouped = buildGroupTable([{ label: 'C', runs: members }], {
      ...options,
      metrics: ['iou'],
    });
    expect(formatTable(grouped, 'md', inRows)).toContain(
      'ᵃ Mean over 480 to 500 of 500 test images; undefined where the map is all zero',
    );
    expect(grouped.caption).toContain('IoU is undefined for 1 of 3 runs of C.');
    const [head, row] = formatTable(grouped, 'csv').split('\r\n');
    expect(head).toBe('group,dataset,n,iou,iouDeviation,iouRuns,iouN,iouLow,iouHigh');
    expect(row).toBe('C,mnist,3,0.5,0,2,480,0.5,0.5');
    const single = buildMetricTable(members, { ...options, metrics: ['iou'] });
    expect(formatTable(single, 'csv').split('\r\n').slice(1, 4)).toEqual([
      'C 1,C,mnist,1,4,0.5,500',
      'C 2,C,mnist,2,4,0.5,480',
      'C 3,C,mnist,3,4,,0',
    ]);
  });

  it('says nothing of the spread of a single seed', () => {
    const single = buildGroupTable([seeds('C', [0.99])], { ...options, metrics: ['testAccuracy'] });
    expect(formatTable(single, 'md', inRows)).toContain('| C | mnist | 1 | 99.00 | – |');
  });

  it('is what LaTeX sets it as', (context) => {
    needTool(context, 'pdflatex');
    needTool(context, 'pdftotext');
    // Deviations with different numbers of digits, and names that mean something to LaTeX.
    const wide = [...groups, seeds('R & [x] 50%', [0.2, 0.6])];
    const both = [
      formatTable(buildGroupTable(wide, { ...options, metrics: ['testAccuracy'] }), 'tex', inRows),
      formatTable(buildMetricTable(runs, options), 'tex', inRows),
    ];
    const { pdf } = runLatex(['\\documentclass{article}'], both);
    const text = runTool('pdftotext', ['-layout', pdf, '-']);
    expect(text.replace(/ +/g, ' ')).toMatch(/C mnist 3 99\.20 ± 0\.20 \[98\.70, 99\.70\]/);
    expect(text).toContain('R & [x] 50%');
    // Printed on one another, the digits would not come out in order.
    expect(text.replace(/ +/g, ' ')).toMatch(/40\.00 ± 28\.28/);
    expect(text.replace(/ +/g, ' ')).toMatch(/\[c\] C mnist 2 4 98\.44 0\.1534 0\.9000 156/);
  });
});
