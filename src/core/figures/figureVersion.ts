import { groupBySeed } from '../statistics/pairRuns.ts';
import { listRepeats } from '../statistics/repeatedSeeds.ts';
import type { Template } from './registry.ts';
import type { FigureSource } from './source.ts';
import type { FigureSpec } from './spec.ts';

/** A figure's table as its CSV has it: the header, then the rows. */
export type TextTable = readonly (readonly string[])[];

/** A table of the version before, said as this version says it; `now` is what the history yields. */
type Restate = (then: TextTable, now: TextTable) => TextTable;

interface FigureChange {
  version: number;
  change: string;
  /** What is asked of this version for the table that a specification gave before. */
  respecify?: (spec: FigureSpec, source: FigureSource) => FigureSpec;
  /** Where tables changed, and not only drawings. */
  restate?: Partial<Record<Template, Restate>>;
}

/** A row without its run, so that repeated measurements are alike. */
const measured = (row: readonly string[]): string => row.with(2, '').join();

/**
 * A table of accuracy against fidelity whose columns begin with paradigm, swept value and run: a value
 * that is empty today is left out, a run that is not there today if it repeats another to the digit.
 */
function restateSweep(then: TextTable, now: TextTable): TextTable {
  const today = new Map(now.map((row) => [row[2], row]));
  const order = [...today.keys()];
  const isUnused = ([paradigm]: readonly string[]): boolean =>
    now.every(([own, value]) => own !== paradigm || value === '');
  const restated = then.map((row) => (isUnused(row) ? row.with(1, '') : row));
  const kept = restated.filter((row) => today.has(row[2]));
  const counted = new Set(kept.map(measured));
  const others = restated.filter((row) => !today.has(row[2]) && !counted.has(measured(row)));
  return [...kept.toSorted((a, b) => order.indexOf(a[2]) - order.indexOf(b[2])), ...others];
}

/** Without the runs that repeat the seed of another with the same configuration. */
function countSeedsOnce(spec: FigureSpec, source: FigureSource): FigureSpec {
  if (spec.template !== 'accuracy-fidelity') return spec;
  const groups = groupBySeed(spec.runs.map((id) => source.getRun(source.resolveRun(id))));
  const repeats = groups.flatMap(({ runs }) => listRepeats(runs).flatMap((same) => same.slice(1)));
  const repeated = new Set(repeats.map(({ id }) => id));
  return { ...spec, runs: spec.runs.filter((id) => !repeated.has(id)) };
}

/**
 * What each version of the figures changed about their drawings and tables. A figure's record has the
 * version that drew it; one without is of the first. A change that moves a byte of a figure that could
 * be drawn before is a new version, one for all changes that are published together.
 */
export const figureChanges: readonly FigureChange[] = [
  { version: 1, change: 'the first one' },
  {
    version: 2,
    change:
      'cells of maps are drawn without streaks; where accuracy is drawn against fidelity, a value that a run makes no use of is left out, and a seed that repeats is counted once',
    respecify: countSeedsOnce,
    restate: { 'accuracy-fidelity': restateSweep },
  },
  {
    version: 3,
    change:
      'where accuracy is drawn against fidelity, values keep off each other, and the legend has the swept setting’s title',
  },
];

/** The version that this code draws by. */
export const figureVersion = figureChanges.length;

const changesSince = (version: number): readonly FigureChange[] =>
  figureChanges.filter((change) => change.version > version);

/** What has changed since a version, or that it is none that this code knows, in words. */
export function describeFigureVersion(version: number): string {
  if (version > figureVersion) return 'drawn by a newer version, which this one does not know';
  const changes = changesSince(version).map(({ change }) => change);
  return `drawn by an older version (since then: ${changes.join('; ')})`;
}

/** A specification of an earlier version as this version takes it. */
export const respecify = (spec: FigureSpec, version: number, source: FigureSource): FigureSpec =>
  changesSince(version).reduce((own, change) => change.respecify?.(own, source) ?? own, spec);

/**
 * A table of an earlier version as this version would have written it; null where no table of this
 * template has changed since.
 *
 * @param then what the earlier version wrote
 * @param now what this version writes today
 */
export function restateTable(
  { template, version }: { template: Template; version: number },
  then: TextTable,
  now: TextTable,
): TextTable | null {
  const steps = changesSince(version).flatMap(({ restate }) => restate?.[template] ?? []);
  if (steps.length === 0) return null;
  return steps.reduce((table, restate) => restate(table, now), then);
}
