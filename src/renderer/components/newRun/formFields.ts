import { configParts } from '../../../core/config/runConfig.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Component } from '../../../core/config/component.ts';
import { isIn } from '../../../core/config/fields.ts';
import { allSettings, membersOf } from '../../../core/config/settings.ts';
import type { Setting, SettingValue } from '../../../core/config/settings.ts';
import { changeSetting, settingsOf, valueAt } from '../../../core/config/settingValues.ts';
import { chooseComponents } from '../../../core/config/sweep.ts';
import { formatFieldValue, parseField } from './fieldValues.ts';
import type { ParsedField } from './fieldValues.ts';

/** One field of the form now. */
export interface FormField {
  field: Setting;
  section: string;
  text: string;
  /** What the preset, or the run that is repeated, has. */
  baseText: string;
  isChanged: boolean;
  parsed: ParsedField;
  /** Why it changes nothing; empty where it does. */
  ignored: string;
  /** What is chosen, where the field is a choice of components. */
  components: readonly Component[];
}

const titles = new Map(configParts.map(({ key, title }) => [key, title]));

/** What a setting is before anything is typed: the base's value, or a new component's default. */
export function baseTextOf(setting: Setting, base: RunConfig): string {
  return formatFieldValue(setting, valueAt(base, setting.path) ?? setting.fallback);
}

/**
 * The base with the model that is chosen and its settings, the first where there are several: what other
 * fields have depends on it, such as the layers to choose from and which of them is the model's own.
 */
export function withTypedModel(
  base: RunConfig,
  textOf: (setting: Setting) => string,
  settings: readonly Setting[] = allSettings,
): RunConfig {
  const change = (config: RunConfig, setting: Setting): RunConfig => {
    const [value] = parseField(setting, textOf(setting)).values ?? [];
    return value === undefined || valueAt(config, setting.path) === value
      ? config
      : changeSetting(config, setting.path, value, settings);
  };
  const chosen = settings.filter(({ path }) => path === 'model').reduce(change, base);
  const own = settingsOf(chosen, settings).filter(({ path }) => path.startsWith('model.'));
  return own.reduce(change, chosen);
}

/** Values by path, as far as they can be read. */
type Values = ReadonlyMap<string, readonly SettingValue[]>;

/** The settings of all configurations that the chosen components make, each path once, in order. */
function findVisible(base: RunConfig, chosen: Values, settings: readonly Setting[]): Setting[] {
  const byPath = new Map<string, Setting>();
  for (const config of chooseComponents(base, chosen)) {
    for (const setting of settingsOf(config, settings)) {
      if (!byPath.has(setting.path)) byPath.set(setting.path, setting);
    }
  }
  const order = [...new Set(settings.map(({ path }) => path))];
  return order.flatMap((path) => byPath.get(path) ?? []);
}

/** Why a setting changes no run of the sweep; empty where it changes one. */
function whyIgnored({ unusedWhen }: Setting, values: Values): string {
  const deciding = unusedWhen && values.get(unusedWhen.setting);
  const isUnused = unusedWhen && deciding?.every((value) => isIn(value, unusedWhen.is));
  return isUnused === true ? unusedWhen.because : '';
}

function componentsOf({ path }: Setting, parsed: ParsedField): Component[] {
  const names = (parsed.values ?? []).flatMap((value) => membersOf(String(value)));
  const { components = [] } = configParts.find(({ key }) => key === path) ?? {};
  return components.filter(({ name }) => names.includes(name));
}

/**
 * The fields of a form that begins from a configuration: those of the components that are chosen in
 * it, in order.
 *
 * @param textOf what a setting's field holds
 * @param adapt a setting with what its choices are now
 */
export function buildFields(
  base: RunConfig,
  textOf: (setting: Setting) => string,
  adapt: (setting: Setting) => Setting = (setting) => setting,
  settings: readonly Setting[] = allSettings,
): FormField[] {
  const read = (setting: Setting): ParsedField => parseField(adapt(setting), textOf(setting));
  const choices = settings.filter(({ path }) => !path.includes('.'));
  const chosen = new Map(
    choices.flatMap((setting) => {
      const { values } = read(setting);
      return values === null ? [] : [[setting.path, values]];
    }),
  );
  const modelled = withTypedModel(base, textOf, settings);
  const baseOf = ({ part }: Setting): RunConfig => (part === 'model' ? base : modelled);
  const visible = findVisible(modelled, chosen, settings).map((setting) => ({
    setting,
    parsed: read(setting),
  }));
  const values = new Map(
    visible.flatMap(({ setting, parsed }) =>
      parsed.values === null ? [] : [[setting.path, parsed.values]],
    ),
  );
  return visible.map(({ setting, parsed }) => ({
    field: adapt(setting),
    section: titles.get(setting.part) ?? setting.part,
    text: textOf(setting),
    baseText: baseTextOf(setting, baseOf(setting)),
    isChanged: textOf(setting) !== baseTextOf(setting, baseOf(setting)),
    parsed,
    ignored: whyIgnored(setting, values),
    components: componentsOf(setting, parsed),
  }));
}
