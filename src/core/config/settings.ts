import { z } from 'zod';
import type { Component } from './component.ts';
import type { FieldMeta, Fields } from './fields.ts';
import { configParts, type ConfigPart } from './runConfig.ts';

export type SettingValue = string | number | null;

/** The range of a number, with which ends belong to it. */
export interface NumberRange {
  minimum: number;
  maximum: number;
  excludesMinimum: boolean;
  excludesMaximum: boolean;
}

export type SettingValues =
  | { kind: 'choice'; choices: readonly string[] }
  /** Any of the members, or none: their names in their order, joined by `setJoint`. */
  | { kind: 'set'; members: readonly string[] }
  | { kind: 'text' }
  | { kind: 'integer' | 'number'; range: NumberRange };

/**
 * One value of the configuration that can be chosen: a field, or which component a part has. Its path
 * is its key in `--set`, a form, a comparison. A field of several components of a part, such as
 * `optimizer.learningRate`, is a setting of each.
 */
export type Setting = FieldMeta &
  SettingValues & {
    path: string;
    part: string;
    /** The component that has the field; null for a part's own fields, and for the choice of components. */
    component: string | null;
    fallback: SettingValue;
    nullable: boolean;
    accepts: (value: SettingValue) => boolean;
  };

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Older drafts allow `true` here; zod writes numbers. */
const limit = (value: number | boolean | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

function readRange(schema: JsonSchema): NumberRange {
  return {
    minimum: limit(schema.exclusiveMinimum) ?? schema.minimum ?? -Infinity,
    maximum: limit(schema.exclusiveMaximum) ?? schema.maximum ?? Infinity,
    excludesMinimum: schema.exclusiveMinimum !== undefined,
    excludesMaximum: schema.exclusiveMaximum !== undefined,
  };
}

function readValues(schema: JsonSchema): SettingValues {
  const { type } = schema;
  if (schema.enum !== undefined) return { kind: 'choice', choices: schema.enum.map(String) };
  if (type === 'integer' || type === 'number') return { kind: type, range: readRange(schema) };
  return { kind: 'text' };
}

/** The fields of one part, as settings with a path below `path`. */
export function readFields(
  fields: Fields,
  part: string,
  component: Component | null,
  path: string,
): Setting[] {
  return Object.entries(fields).map(([name, schema]): Setting => {
    const json = z.toJSONSchema(schema) as JsonSchema;
    const inner = json.anyOf?.find(({ type }) => type !== 'null') ?? json;
    return {
      ...(schema.meta() as unknown as FieldMeta),
      ...readValues(inner),
      ...{ path: `${path}.${name}`, part, component: component?.name ?? null },
      fallback: schema.parse(undefined) as SettingValue,
      nullable: json.anyOf !== undefined,
      accepts: (value) => schema.safeParse(value).success,
    };
  });
}

/** How the absence of every component of a set is called. */
export const noComponent = 'none';
/** Between the components of a set. */
export const setJoint = '+';

/** The members of a set, by how it is called. */
export const membersOf = (set: string): string[] =>
  set === noComponent ? [] : set.split(setJoint);

/** How a set of these members is called, whatever their order; null where one is unknown or there twice. */
export function nameSet(named: readonly string[], members: readonly string[]): string | null {
  const ordered = members.filter((name) => named.includes(name));
  return ordered.length === named.length ? ordered.join(setJoint) || noComponent : null;
}

/** A choice of one component, by default the first, or of any of them, by default none. */
function readComponents({ components, isSet }: ConfigPart) {
  const names = components.map(({ name }) => name);
  if (!isSet) {
    const accepts = (value: SettingValue): boolean => names.some((one) => one === value);
    return { kind: 'choice' as const, choices: names, fallback: names[0] ?? null, accepts };
  }
  const accepts = (value: SettingValue): boolean =>
    value !== null && nameSet(membersOf(String(value)), names) === value;
  return { kind: 'set' as const, members: names, fallback: noComponent, accepts };
}

function readChoice(part: ConfigPart): Setting[] {
  const { key, components, choiceTitle: title, description, formula } = part;
  if (components.length === 0) return [];
  return [
    {
      ...{ title, description, path: key, part: key, component: null, nullable: false },
      ...(formula !== undefined && { formula }),
      ...readComponents(part),
    },
  ];
}

/** Every setting of a configuration of these parts, in their order. */
export const listSettings = (parts: readonly ConfigPart[]): Setting[] =>
  parts.flatMap((part) => [
    ...readChoice(part),
    ...readFields(part.fields, part.key, null, part.key),
    ...part.components.flatMap((component) => {
      const path = part.isSet ? `${part.key}.${component.name}` : part.key;
      return readFields(component.fields, part.key, component, path);
    }),
  ]);

export const allSettings: readonly Setting[] = listSettings(configParts);

/** The setting at a path; of those that several components have, the first. */
export function findSetting(path: string, settings = allSettings): Setting {
  const found = settings.find((setting) => setting.path === path);
  if (found === undefined) throw new RangeError(`settings: there is no ${path}`);
  return found;
}

/** Every path once, in order. */
export const settingPaths: readonly string[] = [...new Set(allSettings.map(({ path }) => path))];
