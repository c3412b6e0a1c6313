import { z } from 'zod';
import { AfterimageError, invalidArgument } from '../errors.ts';
import { runConfigSchema, seedSchema } from '../config/runConfig.ts';
import { resolveKey } from '../config/settingKeys.ts';
import { settingPaths } from '../config/settings.ts';

export const studyNameSchema = z.string().trim().min(1).max(200);
export const questionSchema = z.string().max(100_000);

const settingValueSchema = z.union([z.string().max(200), z.number(), z.null()]);

/** Settings by path that vary together: a row has a value of each. One setting alone is a factor of a grid. */
const factorSchema = z.strictObject({
  settings: z.array(z.string().min(1).max(200)).min(1).max(100),
  rows: z.array(z.array(settingValueSchema)).max(1000),
});

/** A configuration that factors change. */
const baseSchema = z.strictObject({
  /** What tells it from the others, as `mnist-r`. */
  name: z.string().min(1).max(200),
  config: runConfigSchema,
  /** Those that this one is trained with, where not with those of the study. */
  seeds: z.array(seedSchema).max(1000).optional(),
});

/** What a question is asked of: every combination of a base, a row of each factor, and a seed. */
export const studySchema = z.strictObject({
  name: studyNameSchema,
  /** Markdown; may be empty. */
  question: questionSchema,
  bases: z.array(baseSchema).min(1).max(1000),
  factors: z.array(factorSchema).max(100),
  seeds: z.array(seedSchema).max(1000),
  /** What the names of its runs begin with, where not with its own; may be empty. */
  runPrefix: z.string().max(200).optional(),
});
export type Study = z.output<typeof studySchema>;
export type StudyBase = Study['bases'][number];
export type StudyFactor = Study['factors'][number];

export const seedsOf = (base: StudyBase, { seeds }: Study): readonly number[] =>
  base.seeds ?? seeds;

const repeated = <T>(of: readonly T[]): T | undefined => of.find((one, i) => of.indexOf(one) !== i);

function checkFactor({ settings, rows }: StudyFactor): void {
  for (const path of settings) {
    if (!settingPaths.includes(path)) resolveKey(path);
    if (!settingPaths.includes(path)) {
      throw invalidArgument(
        `${path} is not the path of a setting.`,
        `Write ${resolveKey(path).join(' or ')}.`,
      );
    }
  }
  const names = settings.join(' and ');
  if (rows.length === 0) {
    throw invalidArgument(
      `${names} has no value, so there is nothing to train.`,
      'Give it one at least.',
    );
  }
  if (rows.some(({ length }) => length !== settings.length)) {
    throw invalidArgument(
      `A row of ${names} does not have ${settings.length} values.`,
      'Give each setting one value in every row.',
    );
  }
  const twice = repeated(rows.map((row) => row.map((value) => value ?? 'none').join(', ')));
  if (twice !== undefined)
    throw invalidArgument(`${names} has ${twice} twice.`, 'Give each value once.');
}

/**
 * Refuses what cannot be planned, apart from what its runs are and how many.
 *
 * @throws AfterimageError INVALID_ARGUMENT, one line that names what is wrong
 */
export function checkStudy(study: Study): void {
  for (const factor of study.factors) checkFactor(factor);
  const path = repeated(study.factors.flatMap(({ settings }) => settings));
  if (path !== undefined) {
    throw invalidArgument(`${path} is varied twice.`, 'Put its values into one factor.');
  }
  const base = repeated(study.bases.map(({ name }) => name));
  if (base !== undefined) {
    throw invalidArgument(`Two configurations are called ${base}.`, 'Give each a name of its own.');
  }
  for (const one of study.bases) {
    const seeds = seedsOf(one, study);
    if (seeds.length === 0) {
      throw invalidArgument(`Study ${study.name} has no seeds.`, 'Give one at least, such as 1.');
    }
    const seed = repeated(seeds);
    if (seed !== undefined)
      throw invalidArgument(`Seed ${seed} is there twice.`, 'Give each seed once.');
  }
}

/**
 * A study as it came in a file or a call.
 *
 * @throws AfterimageError INVALID_ARGUMENT that names the first field that is wrong
 */
export function parseStudy(input: unknown): Study {
  const parsed = studySchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `This is not a study${where === '' ? '' : `: ${where}`}: ${issue?.message ?? 'it cannot be read'}.`,
    '“study show NAME --json” prints what one looks like.',
  );
}
