import type { NewRun } from '../../../shared/contract.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { valueAt } from '../../../core/config/settingValues.ts';
import { countConfigs, expandConfigs, markOf } from '../../../core/config/sweep.ts';
import type { SweepValues } from '../../../core/config/sweep.ts';

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

/** The fields that take several values. */
const variedPaths = ({ values }: Sweep): string[] =>
  [...values].filter(([, of]) => of.length > 1).map(([path]) => path);

const longestName = 200;

/** "NAME contrastive.weight 0.1 seed 1": what tells a run from the others of its sweep. */
function nameRun(sweep: Sweep, config: RunConfig, seed: number): string {
  const parts = variedPaths(sweep)
    .filter((path) => valueAt(config, path) !== undefined)
    .map((path) => markOf(config, path));
  const tail = [...parts, `seed ${seed}`].join(' ');
  return `${sweep.name.slice(0, Math.max(0, longestName - tail.length - 1))} ${tail}`.trim();
}

/** The runs of a sweep: every configuration with every seed, seeds changing fastest. */
export function expandSweep(sweep: Sweep): NewRun[] {
  return expandConfigs(sweep.base, sweep.values).flatMap((config) =>
    sweep.seeds.map((seed) => ({
      name: nameRun(sweep, config, seed),
      experiment: sweep.experiment,
      config,
      seed,
    })),
  );
}
