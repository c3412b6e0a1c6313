import type { StudyCell } from '../../../core/studies/progress.ts';

export interface StudyMatrix {
  /** Ascending. */
  seeds: number[];
  rows: {
    /** Base and values of factors. */
    label: string;
    /** By seed; undefined where nothing is planned. */
    cells: (StudyCell | undefined)[];
  }[];
}

/** What a row is called: the base where there are several, and what tells its configuration from others. */
const labelOf = ({ base, marks, label }: StudyCell): string =>
  [...(marks.length === 0 || label.startsWith(base) ? [base] : []), ...marks].join(' ');

/** Planned runs as a table: configurations in their order, seeds beside each other. */
export function matrixOf(cells: readonly StudyCell[]): StudyMatrix {
  const seeds = [...new Set(cells.map(({ seed }) => seed))].toSorted((a, b) => a - b);
  const rows = [...Map.groupBy(cells, labelOf)].map(([label, of]) => ({
    label,
    cells: seeds.map((seed) => of.find((cell) => cell.seed === seed)),
  }));
  return { seeds, rows };
}
