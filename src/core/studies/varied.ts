import { differingPaths, valueAt } from '../config/settingValues.ts';
import type { SettingValue } from '../config/settings.ts';
import { plannedRuns } from './plan.ts';
import type { Study } from './study.ts';

/** A setting in which planned runs differ. */
export interface VariedSetting {
  path: string;
  /** In the order of the plan, each once; runs that do not have the setting are left out. */
  values: SettingValue[];
}

/** In what the planned runs of a study differ, whether a factor, a base or a run from before says so. */
export function listVaried(study: Study): VariedSetting[] {
  const configs = [...new Set(plannedRuns(study).map(({ config }) => config))];
  return differingPaths(configs)
    .map((path) => {
      const values = new Set(configs.map((config) => valueAt(config, path)));
      return { path, values: [...values].filter((value) => value !== undefined) };
    })
    .filter(({ values }) => values.length > 1);
}

/** Of all planned runs, ascending. */
export const listSeeds = (study: Study): number[] =>
  [...new Set(plannedRuns(study).map(({ seed }) => seed))].toSorted((a, b) => a - b);
