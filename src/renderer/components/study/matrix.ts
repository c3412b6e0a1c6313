import { valueAt } from '../../../core/config/settingValues.ts';
import { markOf } from '../../../core/config/sweep.ts';
import { plannedRuns, type PlannedRun } from '../../../core/studies/plan.ts';
import type { StudyCell } from '../../../core/studies/progress.ts';
import type { Study } from '../../../core/studies/study.ts';
import { listVaried } from '../../../core/studies/varied.ts';

export interface MatrixRow {
  /** The base where there are several, and the values of factors. */
  label: string;
  /** In what else the configuration differs from others: what its base brings. */
  differences: string;
  /** By seed; undefined where nothing is planned. */
  cells: (StudyCell | undefined)[];
}

export interface StudyMatrix {
  /** Ascending. */
  seeds: number[];
  rows: MatrixRow[];
}

/** Planned runs as a table: configurations in their order, seeds beside each other. */
export function matrixOf(study: Study, cells: readonly StudyCell[]): StudyMatrix {
  const seeds = [...new Set(cells.map(({ seed }) => seed))].toSorted((a, b) => a - b);
  const paths = listVaried(study).map(({ path }) => path);
  const isSeveral = study.bases.length > 1;
  const labelOf = ({ base, marks }: Pick<PlannedRun, 'base' | 'marks'>): string =>
    [...(isSeveral || marks.length === 0 ? [base] : []), ...marks].join(' ');
  const describe = ({ config, marks }: PlannedRun): string =>
    paths
      .filter((path) => valueAt(config, path) !== undefined)
      .map((path) => markOf(config, path))
      .filter((mark) => !marks.includes(mark))
      .join(', ');
  const configs = new Map(plannedRuns(study).map((run) => [labelOf(run), run]));
  const rows = [...Map.groupBy(cells, labelOf)].map(([label, of]) => {
    const run = configs.get(label);
    return {
      label,
      differences: run === undefined ? '' : describe(run),
      cells: seeds.map((seed) => of.find((cell) => cell.seed === seed)),
    };
  });
  return { seeds, rows };
}
