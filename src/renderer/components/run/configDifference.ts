import { presetNames, presets } from '../../../core/config/presets.ts';
import type { PresetName } from '../../../core/config/presets.ts';
import { runConfigSchema } from '../../../core/config/runConfig.ts';
import type { RunConfig, RunConfigKey } from '../../../core/config/runConfig.ts';
import { formatNumber } from '../../composables/format.ts';

export const configKeys = Object.keys(runConfigSchema.shape) as RunConfigKey[];

/** What a person calls a field of the configuration. */
export function fieldTitle(key: RunConfigKey): string {
  const title = runConfigSchema.shape[key].meta()?.['title'];
  return typeof title === 'string' ? title : key;
}

/** A value as a table shows it; what null means depends on the field. */
export function formatConfigValue(key: RunConfigKey, value: RunConfig[RunConfigKey]): string {
  if (value === null) return key === 'patience' ? 'off' : 'all';
  return typeof value === 'number' ? formatNumber(value) : value;
}

/** Fields in which configurations are not all alike. */
export const differingKeys = (configs: readonly RunConfig[]): RunConfigKey[] =>
  configKeys.filter((key) => new Set(configs.map((config) => config[key])).size > 1);

export interface PresetDifference {
  preset: PresetName;
  changes: { key: RunConfigKey; preset: RunConfig[RunConfigKey]; value: RunConfig[RunConfigKey] }[];
}

/** The preset that a configuration is nearest to, and what differs from it. */
export function differenceFromPreset(config: RunConfig): PresetDifference {
  const differences = presetNames.map((preset) => {
    const base: RunConfig = presets[preset];
    const keys = differingKeys([base, config]);
    return { preset, changes: keys.map((key) => ({ key, preset: base[key], value: config[key] })) };
  });
  return differences.reduce((nearest, other) => (rank(other) < rank(nearest) ? other : nearest));
}

/** Paradigm and data set make a preset; one of another kind is never nearest while one agrees. */
const rank = ({ changes }: PresetDifference): number =>
  changes.reduce((sum, { key }) => sum + (key === 'paradigm' || key === 'dataset' ? 100 : 1), 0);
