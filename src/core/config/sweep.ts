import { paradigmOf } from './objectives.ts';
import type { RunConfig } from './runConfig.ts';
import { shortKey } from './settingKeys.ts';
import { changeSetting, valueAt } from './settingValues.ts';
import { allSettings, findSetting, type SettingValue } from './settings.ts';

/** Values by setting, in the order of the settings. */
export type SweepValues = ReadonlyMap<string, readonly SettingValue[]>;

/** As many runs as one call may queue. */
export const mostRuns = 1000;

const isChoice = (path: string): boolean => !path.includes('.');

/** Each configuration with each value of a setting; those without that setting as they are. */
const vary = (
  configs: readonly RunConfig[],
  [path, values]: readonly [string, readonly SettingValue[]],
): RunConfig[] =>
  configs.flatMap((config) =>
    valueAt(config, path) === undefined
      ? [config]
      : values.map((value) => changeSetting(config, path, value)),
  );

/** A configuration for each choice of components, its fields as they were or by default. */
export const chooseComponents = (base: RunConfig, values: SweepValues): RunConfig[] =>
  [...values].filter(([path]) => isChoice(path)).reduce(vary, [base]);

/** How many configurations a sweep has, without making them. */
export function countConfigs(base: RunConfig, values: SweepValues): number {
  const fields = [...values].filter(([path]) => !isChoice(path));
  const counts = chooseComponents(base, values).map((config) =>
    fields.reduce(
      (count, [path, { length }]) => (valueAt(config, path) === undefined ? count : count * length),
      1,
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Every configuration of a sweep: each choice of components, with each value of the settings that it
 * has. The last setting changes fastest.
 */
export const expandConfigs = (base: RunConfig, values: SweepValues): RunConfig[] =>
  [...values].filter(([path]) => !isChoice(path)).reduce(vary, chooseComponents(base, values));

/**
 * What tells a configuration of a sweep from the others, as names of runs have it: `R`, or
 * `contrastive.weight 0.1`.
 */
export function markOf(config: RunConfig, path: string, settings = allSettings): string {
  if (path === 'objective') return paradigmOf(config);
  const value = valueAt(config, path) ?? findSetting(path, settings).nullMeans ?? 'none';
  return `${shortKey(path)} ${value}`;
}
