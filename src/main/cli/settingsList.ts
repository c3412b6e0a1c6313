import { configParts } from '../../core/config/runConfig.ts';
import { allSettings, noComponent, type Setting } from '../../core/config/settings.ts';
import { shortKey } from '../../core/config/settingKeys.ts';
import { describeRange } from '../../core/config/settingWords.ts';

/** A setting as `train --settings` lists it; one of several components comes once, if it is the same. */
interface ListedSetting {
  key: string;
  /** As it may be called for short. */
  short: string;
  /** The components that have it; empty for what every run has. */
  components: string[];
  range: string;
  default: string;
  unit: string;
  description: string;
}

const describe = (setting: Setting): ListedSetting => ({
  key: setting.path,
  short: shortKey(setting.path),
  components: setting.component === null ? [] : [setting.component],
  range: describeRange(setting),
  default: String(setting.fallback ?? `${noComponent} (${setting.nullMeans ?? ''})`),
  unit: setting.unit ?? '',
  description: setting.description,
});

const identify = ({ key, range, default: fallback }: ListedSetting): string =>
  JSON.stringify([key, range, fallback]);

export const listAllSettings = (): ListedSetting[] =>
  [...Map.groupBy(allSettings.map(describe), identify).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, components: [first, ...others].flatMap(({ components }) => components) }],
  );

/** Whether every run has one of these components, so that a setting of theirs is one of every run. */
function areAll(components: readonly string[], path: string): boolean {
  const part = configParts.find(({ key }) => path.startsWith(`${key}.`));
  if (part === undefined || part.isSet) return components.length === 0;
  return part.components.every(({ name }) => components.includes(name));
}

/** The list for reading: a line to type after `--set`, and what it does. */
export function formatSettings(): string {
  const lines = listAllSettings().flatMap((setting) => {
    const { key, short, components, unit, description } = setting;
    const also = short === key ? '' : ` (or ${short})`;
    const only = areAll(components, key) ? '' : `Only with ${components.join(', ')}. `;
    const measured = unit === '' ? '' : `, ${unit}`;
    return [
      `${key}${also}`,
      `    ${setting.range}${measured}; default ${setting.default}`,
      `    ${only}${description}`,
    ];
  });
  const usage = [
    'Settings of train --set KEY=VALUE. Several values between commas make one run for each, in all',
    'combinations; for objective they are the terms that are added to cross-entropy. Another component',
    '(model, objective, optimizer, schedule) comes with its defaults and keeps fields of the same name.',
    '',
  ];
  return [...usage, ...lines].join('\n');
}
