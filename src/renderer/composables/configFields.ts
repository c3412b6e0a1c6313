import { z } from 'zod';
import { runConfigSchema } from '../../core/config/runConfig.ts';
import type { FieldMeta, RunConfigKey } from '../../core/config/runConfig.ts';

/** The range of a number, with which ends belong to it. */
export interface NumberRange {
  minimum: number;
  maximum: number;
  excludesMinimum: boolean;
  excludesMaximum: boolean;
}

/** One field of a run's configuration as a form needs it, read from the schema. */
export type ConfigField = FieldMeta & { key: RunConfigKey; nullable: boolean } & (
    | { kind: 'choice'; choices: readonly string[] }
    | { kind: 'text' }
    | { kind: 'integer' | 'number'; range: NumberRange }
  );

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

function readField(key: RunConfigKey, schema: JsonSchema): ConfigField {
  const inner = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const nullable = schema.anyOf !== undefined;
  const meta = { ...(schema as unknown as FieldMeta), key, nullable };
  if (inner.enum !== undefined) return { ...meta, kind: 'choice', choices: inner.enum.map(String) };
  if (inner.type === 'integer') return { ...meta, kind: 'integer', range: readRange(inner) };
  if (inner.type === 'number') return { ...meta, kind: 'number', range: readRange(inner) };
  return { ...meta, kind: 'text' };
}

const properties = z.toJSONSchema(runConfigSchema).properties ?? {};

/** Every field, in the schema's order. */
export const configFields: readonly ConfigField[] = (
  Object.keys(runConfigSchema.shape) as RunConfigKey[]
).map((key) => readField(key, properties[key] as JsonSchema));

const fieldsByKey = new Map(configFields.map((field) => [field.key, field]));

/** The field of a key; every key of a configuration has one. */
export function fieldOf(key: RunConfigKey): ConfigField {
  const field = fieldsByKey.get(key);
  if (field === undefined) throw new Error(`No field ${key}`);
  return field;
}
