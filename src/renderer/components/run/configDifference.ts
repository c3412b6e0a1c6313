import { presetNames, presets } from '../../../core/config/presets.ts';
import type { PresetName } from '../../../core/config/presets.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { findSetting } from '../../../core/config/settings.ts';
import type { SettingValue } from '../../../core/config/settings.ts';
import { differingPaths, valueAt } from '../../../core/config/settingValues.ts';
import { formatNumber, missing } from '../../composables/format.ts';

export { settingTitle } from '../../../core/config/settingTitle.ts';

/** A value as a table shows it; what null means depends on the setting, undefined is one it lacks. */
export function formatConfigValue(path: string, value: SettingValue | undefined): string {
  if (value === undefined) return missing;
  if (value === null) return findSetting(path).nullMeans ?? 'none';
  return typeof value === 'number' ? formatNumber(value) : value;
}

export interface PresetDifference {
  preset: PresetName;
  /** Of what the configuration has; undefined is what the preset has not. */
  changes: { path: string; preset: SettingValue | undefined; value: SettingValue }[];
}

/** The preset that a configuration is nearest to, and what differs from it. */
export function differenceFromPreset(config: RunConfig): PresetDifference {
  const differences = presetNames.map((preset) => {
    const base: RunConfig = presets[preset];
    const changes = differingPaths([base, config]).flatMap((path) => {
      const value = valueAt(config, path);
      return value === undefined ? [] : [{ path, preset: valueAt(base, path), value }];
    });
    return { preset, changes };
  });
  return differences.reduce((nearest, other) => (rank(other) < rank(nearest) ? other : nearest));
}

/** Objective and data set make a preset; one of another kind is never nearest while one agrees. */
const rank = ({ changes }: PresetDifference): number =>
  changes.reduce(
    (sum, { path }) => sum + (path === 'objective' || path === 'data.dataset' ? 100 : 1),
    0,
  );
