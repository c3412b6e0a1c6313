import { z } from 'zod';

/**
 * What a form or a manual needs to know of one field besides its type, range and default.
 * `unit` is empty for pure numbers; `formula` is plain text.
 */
export interface FieldMeta {
  title: string;
  unit?: string;
  description: string;
  formula?: string;
  /** What null stands for, in a word; only fields that can be null have it. */
  nullMeans?: string;
  /** The value of another setting, by its path, under which this one changes no number; or several. */
  unusedWhen?: { setting: string; is: string | readonly string[]; because: string };
}

/** Whether a value is the one, or one of several. */
export const isIn = (value: unknown, one: string | readonly string[]): boolean =>
  [one].flat().some((each) => each === value);

/** The fields of a part of the configuration, each with its default. */
export type Fields = Readonly<Record<string, z.ZodDefault>>;

/** A field with its default, which stored configurations from before the field take. */
export const field = <T extends z.ZodType>(
  schema: T,
  fallback: z.core.util.NoUndefined<z.output<T>>,
  meta: FieldMeta,
): z.ZodDefault<T> => schema.default(fallback).meta({ ...meta });

/** Numbers of images. */
export const imageCount = () => z.number().int().min(1).max(10_000_000);

/** Numbers of epochs. */
export const epochCount = () => z.number().int().min(1).max(1000);
