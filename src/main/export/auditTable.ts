import { minus } from '../../core/figures/figure.ts';
import { leastOf } from '../../core/statistics/bootstrap.ts';
import { printP } from '../../core/statistics/printP.ts';
import { titleOfAudited } from '../../core/trust/audit.ts';
import type { AuditReport, AuditRow, Estimate } from '../../core/trust/auditReport.ts';
import { decimalsOfRow } from '../../core/trust/auditRows.ts';
import { trustMeasures } from '../../core/trust/measures.ts';
import type { Cell, Column, Table } from './table.ts';

const column = (key: string, title: string, more: Partial<Column> = {}): Column => ({
  ...{ key, title, unit: '' },
  ...more,
});

const number = (value: number | null, decimals: number): Cell =>
  value === null ? null : { value, decimals };
const interval = (low: number | null, high: number | null, decimals: number): Cell =>
  low === null || high === null ? null : { low, high, decimals };
const pCell = (pValue: number): Cell => ({ text: printP(pValue), exact: pValue });

function sideCells({ mean, low, high, n }: Estimate, decimals: number, images: number): Cell[] {
  const note = `Over ${n} of ${images} images: the others have no value`;
  const value: Cell =
    mean === null ? null : { value: mean, decimals, counts: [n], ...(n < images && { note }) };
  return [value, interval(low, high, decimals)];
}

function differenceCells({ difference }: AuditRow, decimals: number): Cell[] {
  if (difference === null) return Array<Cell>(6).fill(null);
  const { low, high, pValue, adjusted, cohensD, n } = difference;
  return [
    number(difference.difference, decimals),
    interval(low, high, decimals),
    pCell(pValue),
    pCell(adjusted),
    number(cohensD, 2),
    number(n, 0),
  ];
}

/** What tells the two sides apart: labels, or names where the labels are one. */
const sideColumns = ({ sides }: AuditReport): Column[] =>
  sides.flatMap(({ label }, i) => {
    const key = sides.length === 1 ? '' : 'AB'.charAt(i);
    return [
      column(`mean${key}`, label, { countKeys: [`n${key}`] }),
      column(`interval${key}`, '95% interval', {
        parts: [`low${key}`, `high${key}`],
        isSpare: true,
      }),
    ];
  });

const differenceColumns = ({ sides }: AuditReport): Column[] =>
  sides.length < 2
    ? []
    : [
        column('difference', `${sides[1]?.label ?? ''} ${minus} ${sides[0]?.label ?? ''}`),
        column('interval', '95% interval', { parts: ['low', 'high'] }),
        column('p', 'p', { isSpare: true }),
        column('pAdjusted', 'p (Holm)'),
        column('cohensD', 'd'),
        column('n', 'n', { isSpare: true }),
      ];

/** What is told of each image, in words. */
function describe(report: AuditReport): string {
  const { images, seed, sides, tests, resamples, bootstrapSeed } = report;
  const of = sides.map(({ label, name, epoch }) => `${label}: ${name}, epoch ${epoch}`).join('; ');
  const means = `Means over ${images} test images drawn with seed ${seed}, each explained for its predicted class, with 95% intervals by Student’s t. ${of}.`;
  if (sides.length < 2) return means;
  const least = leastOf(resamples);
  return `${means} Differences: paired bootstrap of means, ${resamples} resamples, seed ${bootstrapSeed}, percentile intervals; Holm: over the ${tests} tests, so that none falls below ${printP(Math.min(1, least * tests))} whatever the data; d: Cohen’s d for pairs. The tests speak of these two trained models, not of training them again. What each measure can and cannot show is in docs/audit.md.`;
}

/** What audits say: a row for each measure of each way to explain. */
export function buildAuditTable(report: AuditReport): Table {
  return {
    caption: describe(report),
    label: 'audit',
    columns: [
      column('method', 'Explained by'),
      column('measure', 'Measure'),
      ...sideColumns(report),
      ...differenceColumns(report),
    ],
    rows: report.rows.map((row) => {
      const decimals = decimalsOfRow(row);
      return [
        { text: titleOfAudited(row.method) },
        { text: trustMeasures[row.measure].heading },
        ...row.estimates.flatMap((one) => sideCells(one, decimals, report.images)),
        ...(report.sides.length < 2 ? [] : differenceCells(row, decimals)),
      ];
    }),
  };
}
