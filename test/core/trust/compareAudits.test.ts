import { expect, it } from 'vitest';
import { buildAuditTable } from '../../../src/main/export/auditTable.ts';
import {
  agreementColumn,
  auditVersion,
  type AuditedMethod,
} from '../../../src/core/trust/audit.ts';
import { buildAuditReport, type AuditSide } from '../../../src/core/trust/compareAudits.ts';
import type { AuditReport } from '../../../src/core/trust/auditReport.ts';

const count = 40;
const settings = { version: auditVersion, seed: 3, options: {}, layers: ['dense', 'conv'] };
const audited = (
  method: AuditedMethod['method'],
  columns: Record<string, (i: number) => number | number[]>,
): AuditedMethod => ({
  ...{ epoch: 2, method, settings },
  exampleIds: Uint32Array.from({ length: count }, (_, i) => i),
  targets: new Uint32Array(count),
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, valueOf]) => [
      name,
      Float32Array.from(Array.from({ length: count }, (_, i) => valueOf(i)).flat()),
    ]),
  ),
});
const side = (label: string, list: AuditedMethod[]): AuditSide => ({
  ...{ label, runId: label, name: `run ${label}`, epoch: 2, audited: list },
});
const half = (i: number): number => i % 2;
const image = audited('image', { inputSimilarity: () => 1, gini: half });

const sides = [
  side('C', [
    audited('gradcam', {
      gini: half,
      inputSimilarity: (i) => (i < 10 ? Number.NaN : 0.25 + 0.5 * half(i)),
      [agreementColumn('lrp')]: (i) => (i === 0 ? Number.NaN : 0.5),
      'deletion/black': (i) => [1, half(i)],
    }),
    audited('lrp', { gini: half, [agreementColumn('gradcam')]: () => 0.5 }),
    image,
  ]),
  side('R', [
    audited('gradcam', { gini: (i) => half(i) + 2 + (i % 5), inputSimilarity: () => 0.75 }),
    image,
  ]),
];
const report = (of: AuditSide[], methods: AuditedMethod['method'][] | null = null): AuditReport => {
  const asked = { methods, measures: null, bootstrapSeed: 1, warnings: ['a warning'] };
  const work = buildAuditReport(of, asked);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};

it('a side alone has means over the images that have a value, with t intervals', () => {
  const { rows, methods, tests, agreement, curves, images } = report(sides.slice(0, 1));
  expect(methods).toEqual(['gradcam', 'lrp', 'image']);
  expect(images).toBe(count);
  expect(tests).toBe(0);
  const own = rows.find(
    ({ measure, method }) => measure === 'inputSimilarity' && method === 'gradcam',
  );
  // Half 0.25, half 0.75, n = 30: SD 0.25427, t(29) = 2.04523.
  expect(own?.estimates[0]?.n).toBe(30);
  expect(own?.estimates[0]?.mean).toBeCloseTo(0.5, 6);
  expect((own?.estimates[0]?.high ?? 0) - 0.5).toBeCloseTo((2.04523 * 0.25427) / Math.sqrt(30), 5);
  expect(own?.difference).toBeNull();
  expect(agreement[0]).toEqual({
    methods: ['gradcam', 'lrp'],
    matrix: [
      [1, 0.5],
      [0.5, 1],
    ],
  });
  expect(curves.map(({ curve, points }) => [curve, points.map(({ mean }) => mean)])).toEqual([
    ['deletion/black', [1, 0.5]],
  ]);
});

it('two sides are tested over the images that both have, methods that both have', () => {
  const { rows, methods, tests, warnings } = report(sides);
  expect(methods).toEqual(['gradcam', 'image']);
  expect(warnings).toEqual(['a warning']);
  const [gini, similarity] = ['gini', 'inputSimilarity'].map((name) =>
    rows.find(({ measure, method }) => measure === name && method === 'gradcam'),
  );
  expect(similarity?.difference?.n).toBe(30);
  expect(similarity?.difference?.difference).toBeCloseTo(0.25, 6);
  // The mean of 2 to 6.
  expect(gini?.difference?.difference).toBeCloseTo(4, 6);
  expect(gini?.difference?.low).toBeGreaterThan(3.3);
  expect(gini?.difference?.pValue).toBeCloseTo(2 / 10_001, 6);
  // Both tests give the least p; what is the same on both sides by its making is none.
  expect(tests).toBe(2);
  expect(gini?.difference?.adjusted).toBeCloseTo(4 / 10_001, 6);
  expect(rows.find(({ method }) => method === 'image')?.difference).toBeNull();
});

it('the table says of what its numbers are, and counts what has no value', () => {
  const { columns, rows, caption } = buildAuditTable(report(sides, ['gradcam']));
  expect(columns.map(({ title }) => title).slice(0, 7)).toEqual([
    ...['Explained by', 'Measure', 'C', '95% interval', 'R', '95% interval', 'R − C'],
  ]);
  expect(caption).toContain('C: run C, epoch 2; R: run R, epoch 2');
  expect(caption).toContain('40 test images drawn with seed 3');
  expect(rows[0]?.[2]).toMatchObject({
    counts: [30],
    note: 'Over 30 of 40 images: the others have no value',
  });
});
