import type { Comparison, TableFormat } from '../../core/statistics/comparison.ts';
import { minus } from '../../core/figures/figure.ts';
import {
  describeMethods,
  listComparisonRows,
  testTitles,
  type ComparisonRow,
} from '../../core/statistics/comparisonRows.ts';
import { printP } from '../../core/statistics/printP.ts';
import type { Cell, Column, Table } from './table.ts';
import { formatTable } from './tableFormats.ts';

const number = (value: number | null, decimals: number): Cell =>
  value === null ? null : { value, decimals };

const pCell = (pValue: number): Cell => ({ text: printP(pValue), exact: pValue });

function buildRow(row: ComparisonRow, of: string): Cell[] {
  const { decimals, low, high, n, excluded } = row;
  const side = (value: number | null, deviation: number | null): Cell =>
    value === null ? null : { value, decimals, deviation };
  const tests = row.tests.flatMap((test): Cell[] =>
    test === null ? [null, null] : [pCell(test.pValue), pCell(test.adjusted)],
  );
  const note = `Over ${n} of ${n + excluded} ${of}: the others lack a value on one side or both`;
  return [
    { text: row.title, ...(excluded > 0 && { note }) },
    side(row.meanA, row.deviationA),
    side(row.meanB, row.deviationB),
    number(row.difference, decimals),
    low === null || high === null ? null : { low, high, decimals },
    ...tests,
    number(row.cohensD, 2),
    number(row.rankBiserial, 2),
    number(n, 0),
    number(excluded, 0),
  ];
}

const column = (key: string, title: string, parts?: [string, string]): Column => ({
  key,
  title,
  unit: '',
  ...(parts && { parts }),
});

/** Keys of the tests of `testTitles`. */
const testKeys: Record<Comparison['kind'], string[]> = {
  examples: ['p'],
  seeds: ['pT', 'pWilcoxon'],
};

/** `p (Holm)`, `Holm (t)` */
const adjustedTitle = (title: string): string =>
  title === 'p' ? 'p (Holm)' : title.replace('p', 'Holm');

function listColumns(comparison: Comparison): Column[] {
  const { a, b, kind } = comparison;
  const spread = (side: string): [string, string] | undefined =>
    kind === 'seeds' ? [`mean${side}`, `deviation${side}`] : undefined;
  const tests = testTitles(comparison).flatMap((title, i) => {
    const key = testKeys[kind][i] ?? title;
    return [
      { ...column(key, title), isSpare: true },
      column(`${key}Adjusted`, adjustedTitle(title)),
    ];
  });
  return [
    column('metric', 'Metric'),
    column('meanA', a.label, spread('A')),
    column('meanB', b.label, spread('B')),
    column('difference', `${b.label} ${minus} ${a.label}`),
    column('interval', '95% interval', ['low', 'high']),
    ...tests,
    column('cohensD', 'd'),
    column('rankBiserial', 'r'),
    { ...column('n', 'n'), isSpare: true },
    { ...column('excluded', 'Excluded'), isSpare: true },
  ];
}

/** A comparison as one table: a row per metric. */
export function buildComparisonTable(comparison: Comparison): Table {
  const of = comparison.kind === 'examples' ? 'images' : 'seeds';
  return {
    caption: describeMethods(comparison),
    label: 'comparison',
    columns: listColumns(comparison),
    rows: listComparisonRows(comparison).map((row) => buildRow(row, of)),
  };
}

/** The table of a comparison as text. */
export const writeComparisonTable = (comparison: Comparison, format: TableFormat): string =>
  formatTable(buildComparisonTable(comparison), format, {
    layout: 'auto',
    venue: null,
    lineLength: null,
  });
