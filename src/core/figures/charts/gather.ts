import { paradigmOf } from '../../config/objectives.ts';
import type { Run } from '../../records.ts';
import { listVersions } from '../../numericsVersion.ts';
import { checkDistinctSeeds, groupBySeed } from '../../statistics/pairRuns.ts';
import { requireOneDataset } from '../runs.ts';
import type { FigureSource } from '../source.ts';

/** The runs, each once, of one data set. */
export function findRuns(source: FigureSource, names: readonly string[]): Run[] {
  const ids = new Set(names.map((name) => source.resolveRun(name)));
  const runs = [...ids].map((id) => source.getRun(id));
  requireOneDataset(runs, source);
  return runs;
}

/**
 * Runs by configuration, in the order in which the first of each was named. INVALID_ARGUMENT where one
 * has a seed twice: its means and intervals would count a measurement twice.
 */
export function groupByConfig(runs: readonly Run[], orElse = ''): Run[][] {
  const groups = groupBySeed(runs);
  for (const group of groups) checkDistinctSeeds(group, orElse);
  return groups.map((group) => group.runs);
}

/** The paradigm of runs of one configuration. */
export const paradigmOfAll = ([first]: readonly Run[]): string =>
  first === undefined ? '' : paradigmOf(first.config);

/** What the names of the seeds of one configuration have in common. */
export function nameGroup(runs: readonly Run[]): string {
  const [first, ...others] = runs.map(({ name }) => name);
  if (first === undefined || others.length === 0) return first ?? '';
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  const common = first.slice(0, length).replace(/[\s,;:(#-]*(seed)?[\s,;:(#-]*$/u, '');
  return common === '' ? `paradigm ${paradigmOfAll(runs)}` : common;
}

/** Of the arithmetic behind one epoch of each run. */
export const versionsOf = (runs: readonly Run[], shown: readonly { epoch: number }[]): number[] =>
  listVersions(
    runs.flatMap(({ epochs }, i) => epochs.find(({ epoch }) => epoch === shown[i]?.epoch) ?? []),
  );
