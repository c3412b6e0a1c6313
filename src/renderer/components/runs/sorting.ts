import type { RunSummary } from '../../../core/records.ts';
import type { QueryCodec } from '../../composables/useQueryParam.ts';
import { columnOf } from './columns.ts';
import type { SortValue } from './columns.ts';

/** One level of a sort; the first of a list is the strongest. */
export interface SortLevel {
  column: string;
  descending: boolean;
}

/** In the URL: `sort=-testAccuracy,seed`, a minus for descending. */
export const sortParam: QueryCodec<SortLevel[]> = {
  parse: (text) =>
    (text ?? '')
      .split(',')
      .map((part) => ({ column: part.replace(/^-/, ''), descending: part.startsWith('-') }))
      .flatMap(({ column, descending }) => {
        const known = columnOf(column);
        return known === undefined ? [] : [{ column: known.key, descending }];
      }),
  format: (levels) =>
    levels.length === 0
      ? null
      : levels.map(({ column, descending }) => (descending ? `-${column}` : column)).join(','),
};

/**
 * The sort after a click on a column: ascending, then descending, then none. With `add` (shift) the
 * other levels stay.
 */
export function toggleSort(
  levels: readonly SortLevel[],
  column: string,
  add: boolean,
): SortLevel[] {
  const own = levels.find((level) => level.column === column);
  const next: SortLevel[] =
    own === undefined
      ? [{ column, descending: false }]
      : own.descending
        ? []
        : [{ column, descending: true }];
  if (!add) return next;
  if (own === undefined) return [...levels, ...next];
  return levels.flatMap((level) => (level.column === column ? next : [level]));
}

const collator = new Intl.Collator('en', { numeric: true });

/** Ascending; numbers by value, text with its numbers by value. */
const compareValues = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));

/** Compares by one level: what has no value comes last in both directions. */
function compareLevel(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return descending ? compareValues(b, a) : compareValues(a, b);
}

/** Runs in the order of the levels; equals stay in the order they have. */
export function sortRuns(runs: readonly RunSummary[], levels: readonly SortLevel[]): RunSummary[] {
  return sortBy(runs, levels, (run, column) => columnOf(column)?.sortValue(run) ?? null);
}

/** As `sortRuns`, for whatever has a value per column. */
export function sortBy<T>(
  items: readonly T[],
  levels: readonly SortLevel[],
  valueOf: (item: T, column: string) => SortValue,
): T[] {
  // Values are taken once per item: a comparison would take them again and again.
  const rows = items.map((item) => ({
    item,
    values: levels.map(({ column }) => valueOf(item, column)),
  }));
  rows.sort((a, b) => {
    for (const [index, { descending }] of levels.entries()) {
      const order = compareLevel(a.values[index] ?? null, b.values[index] ?? null, descending);
      if (order !== 0) return order;
    }
    return 0;
  });
  return rows.map(({ item }) => item);
}
