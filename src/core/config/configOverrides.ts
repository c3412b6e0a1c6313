import { nearest } from '../editDistance.ts';
import { AfterimageError } from '../errors.ts';
import type { RunConfig } from './runConfig.ts';
import { resolveKey, translateValue } from './settingKeys.ts';
import {
  allSettings,
  membersOf,
  nameSet,
  noComponent,
  type Setting,
  type SettingValue,
} from './settings.ts';
import { settingAt, valueAt } from './settingValues.ts';
import { describeRange } from './settingWords.ts';
import { inTurn, vary, type Factor, type Variant } from './sweep.ts';

/** `key=value` as typed. */
interface Override {
  key: string;
  /** The settings that the key may mean, of which a run has one at most. */
  paths: readonly string[];
  texts: readonly string[];
}

/** A configuration that overrides are applied to, and what errors call it. */
export interface OverrideBase {
  name: string;
  config: RunConfig;
}

const invalid = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

const isSet = (path: string, settings: readonly Setting[]): boolean =>
  settings.some((setting) => setting.path === path && setting.kind === 'set');

function parseOverride(text: string, settings: readonly Setting[]): Override {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw invalid(
      `"${text}" is not a setting.`,
      'Write it as key=value, for example learningRate=0.0003.',
    );
  }
  const key = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  const paths = resolveKey(key, settings);
  const isList = paths.includes(key) && isSet(key, settings);
  const texts = isList ? [value] : value.split(',').map((part) => part.trim());
  const twice = texts.find((one, i) => texts.indexOf(one) !== i);
  if (twice !== undefined) throw invalid(`${key} has ${twice} twice.`, 'Give each value once.');
  return { key, paths, texts: texts.map((one) => translateValue(key, one)) };
}

/** The terms of `contrastive,ssim` or `contrastive+ssim`; of `none`, that word. */
const splitSet = (text: string): string[] => text.split(/[+,]/).map((name) => name.trim());

/** As the set of these components is called; what is none, as it was typed. */
function parseSet(text: string, members: readonly string[]): string {
  const named = splitSet(text);
  return nameSet(named.join('') === noComponent ? [] : named, members) ?? text;
}

/** A value as typed: null for a word that stands for it, a number where the setting takes one. */
function parseValue(setting: Setting, text: string): SettingValue {
  if (setting.nullable && ['none', 'null', setting.nullMeans].includes(text)) return null;
  if (setting.kind === 'set') return parseSet(text, setting.members);
  if (setting.kind === 'choice' || setting.kind === 'text') return text;
  return text === '' ? text : Number(text);
}

/** The word that was meant, of those that a setting takes. */
function guessMeant(setting: Setting, text: string): string | undefined {
  if (setting.kind === 'choice') return nearest(text, setting.choices);
  if (setting.kind !== 'set') return undefined;
  const unknown = splitSet(text).find((name) => !setting.members.includes(name));
  return unknown === undefined ? undefined : nearest(unknown, [noComponent, ...setting.members]);
}

/** A value as typed; INVALID_ARGUMENT with what the setting takes where it does not take this one. */
export function readValue(key: string, setting: Setting, text: string): SettingValue {
  const value = parseValue(setting, text);
  if (setting.accepts(value)) return value;
  const guess = text === '' ? undefined : guessMeant(setting, text);
  throw invalid(
    `${key} cannot be ${text === '' ? 'empty' : text}.`,
    `It takes ${describeRange(setting)}${guess === undefined ? '' : `; the nearest is ${guess}`}.`,
  );
}

/** What an override varies in a variant; null where that has no such setting. */
function factorFor(
  { config }: Variant,
  { key, paths, texts }: Override,
  settings: readonly Setting[],
): Factor | null {
  const setting = paths
    .map((path) => settingAt(config, path, settings))
    .find((found) => found !== undefined);
  if (setting === undefined) return null;
  const rows = texts.map((text) => [readValue(key, setting, text)]);
  return { settings: [setting.path], rows };
}

/** Says what the runs would need to have the setting; the first of them stands for all. */
function refuse(
  { key, paths }: Override,
  bases: readonly OverrideBase[],
  config: RunConfig,
  settings: readonly Setting[],
): AfterimageError {
  const names = `${bases.map(({ name }) => name).join(' and ')} ${bases.length === 1 ? 'has' : 'have'}`;
  const holders = settings.filter(({ path }) => paths.includes(path));
  const part = holders[0]?.part ?? '';
  const wanted = [...new Set(holders.map(({ component }) => component ?? ''))];
  const current = String(valueAt(config, part));
  if (!isSet(part, settings)) {
    return invalid(
      `${names} the ${part} ${current}, which has no ${key}.`,
      `Add --set ${part}=${wanted.join(' or ')}.`,
    );
  }
  const terms = [...membersOf(current), ...wanted];
  return invalid(
    `${names} no term ${wanted.join(' or ')}, so ${key} changes nothing.`,
    `Add --set ${part}=${terms.join(',')}.`,
  );
}

interface Expansion {
  /** Of each base. */
  variants: Variant[][];
  /** What was varied where, by path; of two for one path the later. */
  factors: Map<string, Factor>;
}

function expand(
  bases: readonly OverrideBase[],
  texts: readonly string[],
  settings: readonly Setting[],
): Expansion {
  const overrides = texts.map((text) => parseOverride(text, settings));
  const factors = new Map<string, Factor>();
  const apply = (variant: Variant, override: Override): Variant[] | null => {
    const factor = factorFor(variant, override, settings);
    if (factor === null) return null;
    factors.set(factor.settings[0] ?? '', factor);
    return vary(variant, factor, settings);
  };
  let variants = bases.map(({ config }): Variant[] => [{ config, marks: [] }]);
  for (const override of inTurn(overrides, ({ paths: [path = ''] }) => path)) {
    const applied = variants.map((of) => of.map((variant) => apply(variant, override)));
    const [first] = variants.flat();
    if (first && applied.flat().every((result) => result === null)) {
      throw refuse(override, bases, first.config, settings);
    }
    variants = variants.map((of, i) => of.flatMap((variant, j) => applied[i]?.[j] ?? [variant]));
  }
  return { variants, factors };
}

/**
 * The configurations that each base becomes by `key=value` settings: components first, then fields, the
 * model's before the others, of each kind in order. Several values between commas make a variant for each; a setting that only some
 * of the bases have is applied to those.
 *
 * @throws AfterimageError INVALID_ARGUMENT that names the nearest key, the range, or what is missing
 */
export const expandOverrides = (
  bases: readonly OverrideBase[],
  texts: readonly string[],
  settings = allSettings,
): Variant[][] => expand(bases, texts, settings).variants;

/** What `key=value` settings vary, for `expandFactors` to make the same variants of; throws as `expandOverrides`. */
export const readFactors = (bases: readonly OverrideBase[], texts: readonly string[]): Factor[] => [
  ...expand(bases, texts, allSettings).factors.values(),
];
