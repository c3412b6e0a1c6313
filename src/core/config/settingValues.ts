import { defaultTargetLayer, listTargetLayers } from '../models/network.ts';
import { isIn } from './fields.ts';
import type { RunConfig } from './runConfig.ts';
import {
  allSettings,
  membersOf,
  noComponent,
  setJoint,
  settingPaths,
  type Setting,
  type SettingValue,
} from './settings.ts';

type Tree = Record<string, unknown>;
const treeOf = (config: RunConfig): Tree => config;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Names of the components that a part has. */
function chosenOf(part: unknown): string[] {
  if (!isTree(part)) return [];
  if (typeof part.name === 'string') return [part.name];
  return Object.keys(part).filter((key) => part[key] !== undefined);
}

/** The value at a path; undefined where the configuration has no such setting. */
export function valueAt(config: RunConfig, path: string): SettingValue | undefined {
  const keys = path.split('.');
  const found = keys.reduce<unknown>(
    (inner, key) => (isTree(inner) ? inner[key] : undefined),
    treeOf(config),
  );
  if (keys.length > 1) return found as SettingValue | undefined;
  return isTree(found) ? chosenOf(found).join(setJoint) || noComponent : undefined;
}

const belongsTo = ({ part, component }: Setting, config: RunConfig): boolean =>
  component === null || chosenOf(treeOf(config)[part]).includes(component);

/** The settings that a configuration has, each path once. */
export const settingsOf = (config: RunConfig, settings = allSettings): Setting[] =>
  settings
    .filter((setting) => belongsTo(setting, config))
    .map((setting) => narrow(setting, config));

/** The setting with a path that a configuration has. */
export const settingAt = (
  config: RunConfig,
  path: string,
  settings = allSettings,
): Setting | undefined => settingsOf(config, settings).find((setting) => setting.path === path);

/** A setting as another one leaves it: a model has its own layers. */
function narrow(setting: Setting, { model }: RunConfig): Setting {
  if (setting.path !== 'cam.targetLayer' || setting.kind !== 'choice') return setting;
  const choices = listTargetLayers(model);
  return { ...setting, choices, accepts: (value) => choices.some((layer) => layer === value) };
}

/** Why a setting changes none of a run's numbers; empty where it does. */
export function whyUnused({ unusedWhen }: Setting, config: RunConfig): string {
  const isUnused =
    unusedWhen !== undefined && isIn(valueAt(config, unusedWhen.setting), unusedWhen.is);
  return isUnused ? unusedWhen.because : '';
}

function withValue(tree: Tree, [key = '', ...rest]: readonly string[], value: unknown): Tree {
  const inner = tree[key];
  return {
    ...tree,
    [key]: rest.length === 0 ? value : withValue(isTree(inner) ? inner : {}, rest, value),
  };
}

/** A component with its defaults, and what the one before it had in fields of the same name. */
function adopt(settings: readonly Setting[], part: string, name: string, earlier: unknown): Tree {
  const own = settings.filter((setting) => setting.part === part && setting.component === name);
  return Object.fromEntries(
    own.map(({ path, fallback, accepts }) => {
      const key = path.slice(path.lastIndexOf('.') + 1);
      const kept = isTree(earlier) ? (earlier[key] as SettingValue | undefined) : undefined;
      return [key, kept !== undefined && accepts(kept) ? kept : fallback];
    }),
  );
}

/** With another component in a part, or another set of them. */
function withChoice(
  config: RunConfig,
  path: string,
  value: string,
  settings: readonly Setting[],
): RunConfig {
  const tree = treeOf(config);
  const earlier = tree[path];
  if (isTree(earlier) && typeof earlier.name === 'string') {
    const chosen = { name: value, ...adopt(settings, path, value, earlier) };
    return withModelsLayer({ ...tree, [path]: chosen } as unknown as RunConfig);
  }
  const set = membersOf(value).map((name) => [
    name,
    adopt(settings, path, name, isTree(earlier) ? earlier[name] : undefined),
  ]);
  return { ...tree, [path]: Object.fromEntries(set) as Tree } as unknown as RunConfig;
}

/** With the model's own target layer where it does not have the one before. */
function withModelsLayer(config: RunConfig): RunConfig {
  const { model, cam } = config;
  if (listTargetLayers(model).includes(cam.targetLayer)) return config;
  return { ...config, cam: { ...cam, targetLayer: defaultTargetLayer(model) } };
}

/**
 * The configuration with another value at a path that it has. Another component comes with its
 * defaults, but keeps the values of fields that the one before it had too.
 */
export function changeSetting(
  config: RunConfig,
  path: string,
  value: SettingValue,
  settings = allSettings,
): RunConfig {
  if (!path.includes('.')) return withChoice(config, path, String(value), settings);
  const keys = path.split('.');
  const changed = withValue(treeOf(config), keys, value) as unknown as RunConfig;
  return keys[0] === 'model' ? withModelsLayer(changed) : changed;
}

/** Changes in turn, by path: components before their fields. */
export const changeSettings = (
  config: RunConfig,
  changes: Readonly<Record<string, SettingValue>>,
): RunConfig =>
  Object.entries(changes).reduce(
    (changed, [path, value]) => changeSetting(changed, path, value),
    config,
  );

/** Paths at which configurations are not all alike, absence included. */
export const differingPaths = (configs: readonly RunConfig[]): string[] =>
  settingPaths.filter((path) => new Set(configs.map((config) => valueAt(config, path))).size > 1);
