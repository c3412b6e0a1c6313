import type { NewRun } from '../../../shared/contract.ts';
import type { RunConfig, RunConfigKey } from '../../../core/config/runConfig.ts';
import { formatFieldValue } from './fieldValues.ts';
import type { FieldValue } from './fieldValues.ts';

/** The values that each field takes, and the seeds: their product is what will run. */
export interface Sweep {
  values: ReadonlyMap<RunConfigKey, readonly FieldValue[]>;
  seeds: readonly number[];
  /** Begins the name of every run. */
  name: string;
  experiment: string;
}

/** As many runs as one call may queue. */
export const mostRuns = 1000;

export function countRuns({ values, seeds }: Pick<Sweep, 'values' | 'seeds'>): number {
  return [...values.values()].reduce((product, { length }) => product * length, seeds.length);
}

/** The fields that take several values. */
const variedKeys = ({ values }: Sweep): RunConfigKey[] =>
  [...values].filter(([, of]) => of.length > 1).map(([key]) => key);

/** Every configuration of the sweep; the last varied field changes fastest. */
export function expandConfigs({ values }: Pick<Sweep, 'values'>): RunConfig[] {
  let configs: Partial<RunConfig>[] = [{}];
  for (const [key, of] of values) {
    configs = configs.flatMap((config) => of.map((value) => ({ ...config, [key]: value })));
  }
  return configs as RunConfig[];
}

const longestName = 200;

/** "NAME camWeight 0.1 seed 1": what tells a run from the others of its sweep. */
function nameRun(sweep: Sweep, config: RunConfig, seed: number): string {
  const parts = variedKeys(sweep).map((key) => `${key} ${formatFieldValue(key, config[key])}`);
  const tail = [...parts, `seed ${seed}`].join(' ');
  return `${sweep.name.slice(0, Math.max(0, longestName - tail.length - 1))} ${tail}`.trim();
}

/** The runs of a sweep: every configuration with every seed, seeds changing fastest. */
export function expandSweep(sweep: Sweep): NewRun[] {
  return expandConfigs(sweep).flatMap((config) =>
    sweep.seeds.map((seed) => ({
      name: nameRun(sweep, config, seed),
      experiment: sweep.experiment,
      config,
      seed,
    })),
  );
}
