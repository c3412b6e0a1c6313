import type { RunSummary } from '../../../core/records.ts';
import { settingsOf, valueAt } from '../../../core/config/settingValues.ts';
import { mean, standardDeviation } from '../../../core/statistics/describe.ts';
import {
  describeRepeats as describeRepeatedSeeds,
  oneOfEachSeed,
  type RepeatedSeeds,
} from '../../../core/statistics/repeatedSeeds.ts';
import { oncePerObject } from '../../../core/oncePerObject.ts';

/** Runs that differ in nothing but their seed. */
export interface RunGroup {
  key: string;
  name: string;
  runs: readonly RunSummary[];
}

/** Mean and sample standard deviation (n - 1) of what is there. */
export interface Spread {
  mean: number;
  /** Null for fewer than two values. */
  deviation: number | null;
  count: number;
}

/** Null where no run has a value. */
export function computeSpread(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const deviation = known.length > 1 ? standardDeviation(known) : null;
  return { mean: mean(known), deviation, count: known.length };
}

/** The same text for the same configuration, whatever the order of its keys. */
const configKey = oncePerObject(({ config }: RunSummary): string =>
  JSON.stringify(settingsOf(config).map(({ path }) => [path, valueAt(config, path)])),
);

/** Those that ran to their end: an unfinished one would pull a mean towards what it happens to be now. */
export const finishedRuns = ({ runs }: RunGroup): readonly RunSummary[] =>
  runs.filter(({ status }) => status === 'completed');

const lossesOf = ({ validationLosses }: RunSummary): readonly number[] => validationLosses;

/** Null where each finished run of a group has a seed of its own. */
export const describeRepeats = (group: RunGroup): RepeatedSeeds | null =>
  describeRepeatedSeeds(finishedRuns(group), lossesOf);

/** The runs that a mean over the group takes: one finished run of each seed. */
export const measuredRuns = (group: RunGroup): readonly RunSummary[] =>
  oneOfEachSeed(finishedRuns(group), lossesOf);

/** A name for the group: the experiment's where all share it, else the first run's. */
function nameGroup(runs: readonly RunSummary[]): string {
  const [first] = runs;
  if (first === undefined) return '';
  return runs.every(({ experiment }) => experiment === first.experiment)
    ? first.experiment
    : first.name;
}

/**
 * Runs of one configuration by the data that they saw: a data set's name may have meant several. Runs
 * that have not begun are with the newest that has.
 */
function splitByData(runs: readonly RunSummary[]): RunSummary[][] {
  const newest = runs.find(({ datasetId }) => datasetId !== null)?.datasetId ?? null;
  return [...Map.groupBy(runs, ({ datasetId }) => datasetId ?? newest).values()];
}

/** Runs folded by configuration and data, in the order in which each configuration appears first. */
export function groupRuns(runs: readonly RunSummary[]): RunGroup[] {
  return [...Map.groupBy(runs, configKey)].flatMap(([key, alike]) =>
    splitByData(alike).map((members, i) => ({
      key: i === 0 ? key : `${key} ${i}`,
      name: nameGroup(members),
      runs: members,
    })),
  );
}
