import { expandOverrides } from '../../src/core/config/configOverrides.ts';
import type { RunConfig } from '../../src/core/config/runConfig.ts';
import type { SettingValue } from '../../src/core/config/settings.ts';

/** Values by setting, as `--set` names them. */
export type Changes = Readonly<Record<string, SettingValue>>;

/** A configuration with some of its settings changed; throws for one that it does not have. */
export function withSettings(config: RunConfig, changes: Changes): RunConfig {
  const texts = Object.entries(changes).map(([key, value]) => `${key}=${value ?? 'none'}`);
  const [[variant] = []] = expandOverrides([{ name: 'it', config }], texts);
  return variant?.config ?? config;
}
