import { z } from 'zod';
import { nearest } from '../editDistance.ts';
import { AfterimageError } from '../errors.ts';
import { runConfigSchema, type RunConfig, type RunConfigKey } from './runConfig.ts';

export const configKeys = Object.keys(runConfigSchema.shape) as RunConfigKey[];

const isConfigKey = (key: string): key is RunConfigKey =>
  (configKeys as readonly string[]).includes(key);

interface JsonSchemaPart {
  enum?: unknown[];
  anyOf?: JsonSchemaPart[];
  type?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

function describePart(part: JsonSchemaPart): string {
  if (part.enum !== undefined) return `one of ${part.enum.join(', ')}`;
  if (part.anyOf !== undefined) return part.anyOf.map(describePart).join(', or ');
  if (part.type === 'null') return 'none';
  if (part.type === 'string') return 'a text';
  const kind = part.type === 'integer' ? 'a whole number' : 'a number';
  const low = part.exclusiveMinimum === undefined ? part.minimum : `above ${part.exclusiveMinimum}`;
  const high =
    part.exclusiveMaximum === undefined ? part.maximum : `below ${part.exclusiveMaximum}`;
  return `${kind}, ${low ?? 'any'} to ${high ?? 'any'}`;
}

/** The values that a field takes, in words: `a number, above 0 to 10`. */
export function describeRange(key: RunConfigKey): string {
  return describePart(z.toJSONSchema(runConfigSchema.shape[key]) as JsonSchemaPart);
}

/** A value as typed: a number where it reads as one, `none` for null, else the text itself. */
function parseValue(text: string): string | number | null {
  if (text === 'none' || text === 'null') return null;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * The config with one field changed.
 *
 * @throws AfterimageError INVALID_ARGUMENT that names the nearest key, or the field's range
 */
export function overrideField(config: RunConfig, key: string, text: string): RunConfig {
  if (!isConfigKey(key)) {
    const guess = nearest(key, configKeys) ?? '';
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `There is no setting ${key}.`,
      `The nearest is ${guess}: ${describeRange(guess as RunConfigKey)}.`,
    );
  }
  const parsed = runConfigSchema.shape[key].safeParse(parseValue(text));
  if (!parsed.success) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${key} cannot be ${text === '' ? 'empty' : text}.`,
      `It takes ${describeRange(key)}.`,
    );
  }
  return { ...config, [key]: parsed.data };
}

/** Applies `key=value` settings in order. */
export function applyOverrides(config: RunConfig, settings: readonly string[]): RunConfig {
  return settings.reduce((current, setting) => {
    const equals = setting.indexOf('=');
    if (equals < 1) {
      throw new AfterimageError(
        'INVALID_ARGUMENT',
        `"${setting}" is not a setting.`,
        'Write it as key=value, for example learningRate=0.0003.',
      );
    }
    return overrideField(
      current,
      setting.slice(0, equals).trim(),
      setting.slice(equals + 1).trim(),
    );
  }, config);
}
