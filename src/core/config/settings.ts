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
  /** `members` are what a choice of several components is made of. */
  | { kind: 'choice'; choices: readonly string[]; members?: readonly string[] }
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

/** All sets that can be made of the names, smaller ones first. */
function listSets(names: readonly string[]): string[] {
  const sets = names.reduce<string[][]>(
    (known, name) => [...known, ...known.map((set) => [...set, name])],
    [[]],
  );
  return sets
    .toSorted((a, b) => a.length - b.length)
    .map((set) => set.join(setJoint) || noComponent);
}

function readChoice({ key, components, isSet, ...texts }: ConfigPart): Setting[] {
  const [first] = components;
  if (first === undefined) return [];
  const names = components.map(({ name }) => name);
  const choices = isSet ? listSets(names) : names;
  return [
    {
      ...{ title: texts.choiceTitle, description: texts.description },
      ...(texts.formula !== undefined && { formula: texts.formula }),
      ...{ kind: 'choice', choices, path: key, part: key, component: null },
      ...(isSet && { members: names }),
      ...{ fallback: choices[0] ?? null, nullable: false },
      accepts: (value) => choices.some((one) => one === value),
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
