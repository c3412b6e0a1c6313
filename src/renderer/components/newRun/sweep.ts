import type { NewRun } from '../../../shared/contract.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { valueAt } from '../../../core/config/settingValues.ts';
import { countConfigs, expandConfigs } from '../../../core/config/sweep.ts';
import type { SweepValues } from '../../../core/config/sweep.ts';
import type { Study } from '../../../core/studies/study.ts';

/** The values that each field takes, and the seeds: their product is what will run. */
export interface Sweep {
  /** What the values change. */
  base: RunConfig;
  values: SweepValues;
  seeds: readonly number[];
  /** Begins the name of every run. */
  name: string;
  experiment: string;
}

export const countRuns = ({ base, values, seeds }: Omit<Sweep, 'name' | 'experiment'>): number =>
  countConfigs(base, values) * seeds.length;

const longestName = 200;

/** The only run of a sweep without several values or seeds. */
export function runOf({ base, values, seeds, name, experiment }: Sweep): NewRun {
  const [config = base] = expandConfigs(base, values);
  const [seed = 0] = seeds;
  const tail = `seed ${seed}`;
  const title = name.slice(0, Math.max(0, longestName - tail.length - 1));
  return { name: `${title} ${tail}`.trim(), experiment, config, seed };
}

/** A sweep as the study that it is: what differs from the base or takes several values is a factor. */
export function studyOf({ base, values, seeds, name, experiment }: Sweep, question: string): Study {
  const given = [...values].filter(([path, of]) => of.length > 1 || valueAt(base, path) !== of[0]);
  return {
    name: experiment,
    question,
    bases: [{ name, config: base }],
    factors: given.map(([path, of]) => ({ settings: [path], rows: of.map((value) => [value]) })),
    seeds: [...seeds],
    runPrefix: name,
  };
}
