import { paradigmOf } from '../config/objectives.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { SettingValue } from '../config/settings.ts';
import { foldValues, type FoldedValue } from './foldSeeds.ts';
import { groupBySeed, relevantDifferences, usedValues, type Configured } from './pairRuns.ts';
import { oneOfEachSeed } from './repeatedSeeds.ts';

/** What tells series apart where nothing else is chosen. */
export const byParadigm = 'paradigm';

/** A run as a sweep has it. */
export interface SweptRun extends Configured {
  id: string;
  seed: number;
  /** By epoch: what tells whether a repeat of a seed computed the same. */
  validationLosses: readonly number[];
}

/** One configuration of a sweep, over its seeds. */
export interface SweepPoint<Member extends SweptRun = SweptRun> {
  /** Value of the setting; undefined where the configuration has or uses no such setting. */
  x: SettingValue | undefined;
  /** What it is coloured by: a paradigm, or the value of another setting. */
  series: string;
  /** Alike for points that differ in the setting alone, which a line may join. */
  line: string;
  /** Null where no run has a value, or repeats of a seed disagree. */
  folded: FoldedValue | null;
  runs: readonly Member[];
  /** All settings that are swept, with their values. */
  settings: ReadonlyMap<string, SettingValue | undefined>;
}

/** Settings in which configurations differ, as far as they have and use them: what is swept. */
export const listSwept = (configs: readonly RunConfig[]): string[] => relevantDifferences(configs);

/** What a configuration is coloured by. */
const seriesOf = (config: RunConfig, groupBy: string): string =>
  groupBy === byParadigm ? paradigmOf(config) : String(usedValues(config).get(groupBy) ?? '–');

/**
 * A point per configuration, its seeds folded, in the order in which the runs come.
 *
 * @param setting path of the setting on the x axis
 * @param groupBy `byParadigm`, or the path of another setting
 * @param valueOf a run's value; null where it has none
 */
export function buildSweep<Member extends SweptRun>(
  runs: readonly Member[],
  { setting, groupBy }: { setting: string; groupBy: string },
  valueOf: (run: Member) => number | null,
): SweepPoint<Member>[] {
  const swept = listSwept(runs.map(({ config }) => config));
  return groupBySeed(runs).flatMap(({ runs: members }): SweepPoint<Member>[] => {
    const [first] = members;
    if (first === undefined) return [];
    const used = usedValues(first.config);
    const others = [...used].filter(([path]) => path !== setting);
    const series = seriesOf(first.config, groupBy);
    const seeds = oneOfEachSeed(members, ({ validationLosses }) => validationLosses);
    return [
      {
        x: used.get(setting),
        series,
        line: JSON.stringify([series, first.datasetId, others]),
        folded: foldValues(seeds.map(valueOf)),
        runs: seeds.length > 0 ? seeds : members,
        settings: new Map(swept.map((path) => [path, used.get(path)])),
      },
    ];
  });
}

/** The values of a setting from the least to the greatest; others after numbers, as they come; `none` last. */
export function orderValues(values: readonly (SettingValue | undefined)[]): SettingValue[] {
  const known = [...new Set(values.filter((value) => value !== undefined))];
  const numbers = known.filter((value) => typeof value === 'number');
  const names = known.filter((value) => typeof value !== 'number' && value !== null);
  return [
    ...numbers.toSorted((a, b) => a - b),
    ...names,
    ...known.filter((value) => value === null),
  ];
}

/** Points by the first of the settings, those alike in it by the next; without a value comes first. */
export function orderPoints<Member extends SweptRun>(
  points: readonly SweepPoint<Member>[],
  paths: readonly string[],
): SweepPoint<Member>[] {
  const places = paths.map((path) => {
    const valueOf = ({ settings }: SweepPoint): SettingValue | undefined => settings.get(path);
    const order = new Map(orderValues(points.map(valueOf)).map((value, i) => [value, i]));
    return (point: SweepPoint): number => {
      const value = valueOf(point);
      return value === undefined ? -1 : (order.get(value) ?? -1);
    };
  });
  return points.toSorted((a, b) => {
    for (const place of places) if (place(a) !== place(b)) return place(a) - place(b);
    return 0;
  });
}
