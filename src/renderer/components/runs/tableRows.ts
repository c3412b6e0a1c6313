import type { RunSummary } from '../../../core/records.ts';
import { oncePerObject } from '../../../core/oncePerObject.ts';
import { columnOf } from './columns.ts';
import type { SortValue } from './columns.ts';
import { computeSpread, groupRuns, measuredRuns } from './grouping.ts';
import type { RunGroup, Spread } from './grouping.ts';
import { sortBy, sortRuns } from './sorting.ts';
import type { SortLevel } from './sorting.ts';

/** What the table draws: a run, or runs folded into one line. */
export type TableRow =
  | { kind: 'run'; key: string; run: RunSummary; inGroup: boolean }
  | { kind: 'group'; key: string; group: RunGroup; expanded: boolean };

/**
 * What a row tells the table. Every kind of row declares all of it, its native events too: a listener
 * that a component does not declare counts as changed whenever the table is drawn, and would draw
 * every row anew at every frame of a scroll.
 */
export interface RowEvents {
  toggle: [];
  fold: [];
  click: [event: MouseEvent];
  dblclick: [];
}

/** Mean and deviation of a column over the group's finished seeds; null where there is no number. */
export function spreadOf(group: RunGroup, column: string): Spread | null {
  const number = columnOf(column)?.number;
  return number === undefined ? null : computeSpread(measuredRuns(group).map(number));
}

/** By the mean of numbers; by what the first run has of anything else. */
function groupSortValue(group: RunGroup, column: string): SortValue {
  const [first] = group.runs;
  if (column === 'name') return group.name;
  const spread = spreadOf(group, column);
  if (spread !== null) return spread.mean;
  return first === undefined ? null : (columnOf(column)?.sortValue(first) ?? null);
}

/** The same row for the same run, so that rows stay as drawn whatever moves around them. */
const runRow = oncePerObject((run: RunSummary): TableRow => ({
  kind: 'run',
  key: run.id,
  run,
  inGroup: false,
}));
const memberRow = oncePerObject((run: RunSummary): TableRow => ({
  kind: 'run',
  key: run.id,
  run,
  inGroup: true,
}));

/** The rows of sorted runs, folded by configuration if asked, unfolded where `expanded` says so. */
export function buildRows(
  runs: readonly RunSummary[],
  sort: readonly SortLevel[],
  grouped: boolean,
  expanded: ReadonlySet<string>,
): TableRow[] {
  if (!grouped) return sortRuns(runs, sort).map(runRow);
  return sortBy(groupRuns(runs), sort, groupSortValue).flatMap((group): TableRow[] => {
    const isOpen = expanded.has(group.key);
    const head: TableRow = { kind: 'group', key: group.key, group, expanded: isOpen };
    return isOpen ? [head, ...sortRuns(group.runs, sort).map(memberRow)] : [head];
  });
}

/** The runs that a row stands for. */
export const runsOfRow = (row: TableRow): readonly RunSummary[] =>
  row.kind === 'run' ? [row.run] : row.group.runs;
