import type { Comparison } from '../../shared/comparison.ts';
import {
  describeMethods,
  listComparisonRows,
  testTitles,
  type ComparisonRow,
} from '../../shared/statistics/comparisonRows.ts';
import { printP } from '../../shared/statistics/printP.ts';
import type { Cell, Table } from './tables.ts';

const number = (value: number | null, decimals: number): Cell =>
  value === null ? null : { value, decimals };

function buildRow(row: ComparisonRow): Cell[] {
  const { decimals, low, high } = row;
  const side = (value: number | null, deviation: number | null): Cell =>
    value === null ? null : { value, decimals, deviation };
  const tests = row.tests.flatMap((test): Cell[] =>
    test === null ? [null, null] : [{ text: printP(test.pValue) }, { text: printP(test.adjusted) }],
  );
  return [
    { text: row.title },
    side(row.meanA, row.deviationA),
    side(row.meanB, row.deviationB),
    number(row.difference, decimals),
    low === null || high === null ? null : { low, high, decimals },
    ...tests,
    number(row.cohensD, 2),
    number(row.rankBiserial, 2),
    number(row.n, 0),
    number(row.excluded, 0),
  ];
}

/** A comparison as one table to be read. */
export function buildComparisonTable(comparison: Comparison): Table {
  const { a, b } = comparison;
  const tests = testTitles(comparison).flatMap((title) => [title, 'Holm']);
  const titles = ['Metric', a.label, b.label, `${b.label} - ${a.label}`, '95% interval', ...tests];
  return {
    caption: describeMethods(comparison),
    columns: [...titles, 'd', 'r', 'n', 'Excluded'].map((title) => ({
      key: title,
      title,
      unit: '',
    })),
    rows: listComparisonRows(comparison).map(buildRow),
  };
}
