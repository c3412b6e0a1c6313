import { z } from 'zod';
import { readValue } from '../config/configOverrides.ts';
import { readFields, type Setting, type SettingValue } from '../config/settings.ts';
import { describeRange } from '../config/settingWords.ts';
import { nearest } from '../editDistance.ts';
import { AfterimageError } from '../errors.ts';
import { explainers, type ExplainerName, type ExplainerOptions } from './registry.ts';

const invalid = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

/** What can be chosen of an explainer, by the options' names. */
export const optionSettings = (name: ExplainerName): ReadonlyMap<string, Setting> =>
  new Map(
    readFields(explainers[name].fields, 'explainer', null, name).map((setting) => [
      setting.path.slice(name.length + 1),
      setting,
    ]),
  );

function refuseOption(names: readonly ExplainerName[], key: string): AfterimageError {
  const titles = names.map((name) => explainers[name].title).join(' and ');
  const known = [...new Set(names.flatMap((name) => [...optionSettings(name).keys()]))];
  const guess = nearest(key, known);
  return invalid(
    `${titles} ${names.length === 1 ? 'has' : 'have'} no option ${key}.`,
    guess === undefined
      ? 'Leave it out.'
      : `The nearest is ${guess}; there are ${known.join(', ')}.`,
  );
}

/**
 * The options of an explainer, with its defaults where none are given.
 *
 * @throws AfterimageError INVALID_ARGUMENT that names the option, and the nearest or what it takes
 */
export function readOptions<Name extends ExplainerName>(
  name: Name,
  given: Readonly<Record<string, SettingValue>>,
): ExplainerOptions<Name> {
  const settings = optionSettings(name);
  for (const [key, value] of Object.entries(given)) {
    const setting = settings.get(key);
    if (setting === undefined) throw refuseOption([name], key);
    if (setting.accepts(value)) continue;
    throw invalid(
      `${explainers[name].title}: ${key} cannot be ${String(value)}.`,
      `It takes ${describeRange(setting)}.`,
    );
  }
  return z.object(explainers[name].fields).parse(given) as ExplainerOptions<Name>;
}

/** An explainer with its options, as a call asks for it. */
export interface ChosenExplainer {
  name: ExplainerName;
  options: Record<string, SettingValue>;
}

/**
 * Explainers with options typed as `key=value`, each for all of those that have it.
 *
 * @throws AfterimageError INVALID_ARGUMENT for what none of them has, or does not take
 */
export function chooseExplainers(
  names: readonly ExplainerName[],
  texts: readonly string[],
): ChosenExplainer[] {
  const chosen = names.map((name): ChosenExplainer => ({ name, options: {} }));
  for (const text of texts) {
    const [key, value] = splitOnce(text);
    if (value === undefined) throw invalid(`"${text}" is no option.`, 'Write it as key=value.');
    const holders = chosen.filter(({ name }) => optionSettings(name).has(key));
    if (holders.length === 0) throw refuseOption(names, key);
    for (const { name, options } of holders) {
      const setting = optionSettings(name).get(key);
      if (setting !== undefined) options[key] = readValue(key, setting, value);
    }
  }
  return chosen.map(({ name, options }) => ({ name, options: readOptions(name, options) }));
}

const splitOnce = (text: string): [string, string | undefined] => {
  const equals = text.indexOf('=');
  return equals < 1
    ? [text, undefined]
    : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
};
