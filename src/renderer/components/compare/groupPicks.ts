import { paradigmOf, type Paradigm } from '../../../core/config/objectives.ts';
import type { RunSummary } from '../../../core/records.ts';
import { groupBySeed } from '../../../core/statistics/pairRuns.ts';

/** Runs that are chosen together. */
export interface PickedGroup {
  label: string;
  paradigm: Paradigm;
  runIds: string[];
}

/** As many as a comparison takes (`comparisonQuerySchema`). */
const mostRuns = 200;
/** Configurations are told apart among so many runs, and so many are listed. */
const mostGrouped = 1000;
const mostListed = 8;

const build = (label: string, runs: readonly RunSummary[]): PickedGroup => ({
  label,
  paradigm: runs[0] === undefined ? '' : paradigmOf(runs[0].config),
  runIds: runs.slice(0, mostRuns).map(({ id }) => id),
});

/** All runs of each paradigm, and the configurations with most runs, of those with more than one. */
export function groupPicks(candidates: readonly RunSummary[]): PickedGroup[] {
  const newest = candidates.slice(0, mostGrouped);
  const paradigms = [...Map.groupBy(newest, ({ config }) => paradigmOf(config))].map(
    ([paradigm, runs]) => build(`All ${paradigm}`, runs),
  );
  const configurations = groupBySeed(newest)
    .map(({ label, runs }) => build(label, runs))
    .toSorted((a, b) => b.runIds.length - a.runIds.length)
    .slice(0, mostListed);
  return [...paradigms, ...configurations].filter(
    ({ runIds }, i, all) =>
      runIds.length > 1 && all.findIndex((other) => other.runIds.join() === runIds.join()) === i,
  );
}
