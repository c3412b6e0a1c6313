import { paradigmOf } from './objectives.ts';
import type { RunConfig } from './runConfig.ts';
import { shortKey } from './settingKeys.ts';
import { changeSetting, valueAt } from './settingValues.ts';
import { allSettings, findSetting, type Setting, type SettingValue } from './settings.ts';

/** Values by setting, in the order of the settings. */
export type SweepValues = ReadonlyMap<string, readonly SettingValue[]>;

/** As many runs as one call may queue. */
export const mostRuns = 1000;

/** One configuration of a sweep. */
export interface Variant {
  config: RunConfig;
  /** `contrastive.weight 0.1` per setting with several values: what tells the variant from others. */
  marks: readonly string[];
}

/** Settings by path that vary together: in each row a value of each. */
export interface Factor {
  settings: string[];
  rows: SettingValue[][];
}

const isChoice = (path: string): boolean => !path.includes('.');

/** Components first, then what a model has of its own: it says which layers there are to choose from. */
const turnOf = (path: string): number =>
  isChoice(path) ? 0 : 1 + Number(!path.startsWith('model.'));

/** In the order in which they must be applied, else as they were. */
export const inTurn = <T>(of: readonly T[], pathOf: (one: T) => string): T[] =>
  of.toSorted((a, b) => turnOf(pathOf(a)) - turnOf(pathOf(b)));

/** With those values of a row that the configuration has a setting for; null where it has none. */
function applyRow(
  { config, marks }: Variant,
  row: readonly (readonly [path: string, value: SettingValue])[],
  isMarked: boolean,
  settings: readonly Setting[],
): Variant | null {
  let changed = config;
  const taken: string[] = [];
  for (const [path, value] of inTurn(row, ([each]) => each)) {
    if (valueAt(changed, path) === undefined) continue;
    changed = changeSetting(changed, path, value, settings);
    taken.push(path);
  }
  if (taken.length === 0) return null;
  const own = isMarked ? taken.map((path) => markOf(changed, path, settings)) : [];
  return { config: changed, marks: [...marks, ...own] };
}

/** What a factor makes of a variant, a row after the other; null where it has none of its settings. */
export function vary(
  variant: Variant,
  { settings: paths, rows }: Factor,
  settings = allSettings,
): Variant[] | null {
  const varied = rows.flatMap((values) => {
    const row = values.map((value, i) => [paths[i] ?? '', value] as const);
    return applyRow(variant, row, rows.length > 1, settings) ?? [];
  });
  return varied.length > 0 || rows.length === 0 ? varied : null;
}

const factorsOf = (values: SweepValues): Factor[] =>
  [...values].map(([path, of]) => ({ settings: [path], rows: of.map((value) => [value]) }));

/** Each configuration with each value of a setting; those without that setting as they are. */
const varyAll = (variants: readonly Variant[], factor: Factor): Variant[] =>
  variants.flatMap((variant) => vary(variant, factor) ?? [variant]);

const firstPath = ({ settings: [path = ''] }: Factor): string => path;

/** A configuration for each choice of components, its fields as they were or by default. */
export const chooseComponents = (base: RunConfig, values: SweepValues): RunConfig[] =>
  factorsOf(values)
    .filter((factor) => isChoice(firstPath(factor)))
    .reduce(varyAll, [{ config: base, marks: [] }])
    .map(({ config }) => config);

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
 * What factors make of a configuration: every combination, components before fields, of each kind in
 * order. The last factor changes fastest; one whose settings a variant lacks leaves it as it is.
 */
export const expandFactors = (base: RunConfig, factors: readonly Factor[]): Variant[] =>
  inTurn(factors, firstPath).reduce(varyAll, [{ config: base, marks: [] }]);

/** Every configuration of a sweep; see `expandFactors`. */
export const expandConfigs = (base: RunConfig, values: SweepValues): RunConfig[] =>
  expandFactors(base, factorsOf(values)).map(({ config }) => config);

/**
 * What tells a configuration of a sweep from the others, as names of runs have it: `R`, or
 * `contrastive.weight 0.1`.
 */
export function markOf(config: RunConfig, path: string, settings = allSettings): string {
  if (path === 'objective') return paradigmOf(config);
  const value = valueAt(config, path) ?? findSetting(path, settings).nullMeans ?? 'none';
  return `${shortKey(path)} ${value}`;
}
