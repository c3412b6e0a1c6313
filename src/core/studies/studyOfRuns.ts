import type { RunConfig } from '../config/runConfig.ts';
import type { Run } from '../records.ts';
import { keyOfRun } from './plan.ts';
import type { Study, StudyBase } from './study.ts';

type Asked = Pick<Run, 'name' | 'config' | 'seed'>;

const longestName = 200;

/** A run's name without the seed at its end. */
const withoutSeed = ({ name, seed }: Asked): string => {
  const ending = ` seed ${seed}`;
  return name.endsWith(ending) ? name.slice(0, -ending.length) || name : name;
};

/** A name that none of the bases has, with a number at its end where it must. */
function nameBase(wanted: string, bases: readonly StudyBase[]): string {
  const isTaken = (name: string): boolean => bases.some((base) => base.name === name);
  let name = wanted.slice(0, longestName);
  for (let i = 2; isTaken(name); i += 1) name = `${wanted.slice(0, longestName - 5)} ${i}`;
  return name;
}

/**
 * A study that asks for exactly what runs are: a base for each configuration, called as its first run is,
 * with the seeds that it was trained with. Runs that are the same are asked for once.
 */
export function studyOfRuns(name: string, question: string, runs: readonly Asked[]): Study {
  const bases: (StudyBase & { seeds: number[] })[] = [];
  const byConfig = new Map<string, StudyBase & { seeds: number[] }>();
  for (const run of runs) {
    const configKey = keyOfConfig(run.config);
    const known = byConfig.get(configKey);
    const base = known ?? {
      name: nameBase(withoutSeed(run), bases),
      config: run.config,
      seeds: [],
    };
    if (known === undefined) {
      byConfig.set(configKey, base);
      bases.push(base);
    }
    if (!base.seeds.includes(run.seed)) base.seeds.push(run.seed);
  }
  const [first] = bases;
  const seeds = first?.seeds ?? [];
  const isAlike = bases.every((base) => base.seeds.join() === seeds.join());
  return {
    ...{ name, question, factors: [], seeds: isAlike ? seeds : [] },
    bases: isAlike ? bases.map(({ name: called, config }) => ({ name: called, config })) : bases,
  };
}

const keyOfConfig = (config: RunConfig): string => keyOfRun(config, 0);
