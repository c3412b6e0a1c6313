import { runConfigSchema, type RunConfig } from '../config/runConfig.ts';
import { settingAt, settingsOf, valueAt } from '../config/settingValues.ts';
import { describeRange } from '../config/settingWords.ts';
import { expandFactors, mostRuns } from '../config/sweep.ts';
import type { AfterimageError } from '../errors.ts';
import { invalidArgument } from '../errors.ts';
import { oncePerObject } from '../oncePerObject.ts';
import { hashText } from '../textHash.ts';
import { checkStudy, seedsOf, type Study, type StudyBase, type StudyFactor } from './study.ts';

/** A run that a study asks for. */
export interface PlannedRun {
  /**
   * 16 hexadecimal digits of configuration and seed. Settings that have their default do not count, so
   * that a setting which a later version adds changes no key.
   */
  key: string;
  /** As the run is called: what the study says that names begin with, by default its own, and `label`. */
  name: string;
  /** What tells it from the others of its study: base, values of factors, seed; empty where it is the only one. */
  label: string;
  /** The name of its base. */
  base: string;
  /** `contrastive.weight 0.1` per setting that has several values. */
  marks: readonly string[];
  config: RunConfig;
  seed: number;
}

const longestName = 200;

/** By what a run is known to be the one that a study asks for, see `PlannedRun.key`. */
export function keyOfRun(config: RunConfig, seed: number): string {
  const changed = settingsOf(config)
    .map(({ path, fallback }) => ({ path, fallback, value: valueAt(config, path) }))
    .filter(({ value, fallback }) => value !== fallback)
    .map(({ path, value }) => [path, value] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return hashText(JSON.stringify([seed, changed]));
}

/** The first value of the factors that a configuration cannot have, in words; null where it can have all. */
function findRefused(config: RunConfig, factors: readonly StudyFactor[]): AfterimageError | null {
  for (const path of factors.flatMap(({ settings }) => settings)) {
    const setting = settingAt(config, path);
    const value = valueAt(config, path);
    if (setting === undefined || value === undefined || setting.accepts(value)) continue;
    return invalidArgument(
      `${path} cannot be ${value ?? 'none'}.`,
      `It takes ${describeRange(setting)}.`,
    );
  }
  return null;
}

function checkConfig(config: RunConfig, factors: readonly StudyFactor[]): void {
  const refused = findRefused(config, factors);
  if (refused !== null) throw refused;
  const parsed = runConfigSchema.safeParse(config);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw invalidArgument(
    `${issue?.path.join('.') ?? 'A configuration'} cannot be: ${issue?.message ?? ''}.`,
    'Change the factors so that every combination is one that can be trained.',
  );
}

const tooMany = (study: Study): AfterimageError =>
  invalidArgument(
    `Study ${study.name} would have more than ${mostRuns} runs.`,
    'Give fewer values or seeds, or make several studies.',
  );

/** Before any is made: the most that there can be, as if every configuration had every setting. */
function checkCount(study: Study): void {
  const rows = study.factors.reduce((count, { rows: { length } }) => count * length, 1);
  const seeds = study.bases.map((base) => seedsOf(base, study).length);
  const most = rows * seeds.reduce((sum, count) => sum + count, 0);
  // Settings that only some have make fewer; ten times the limit is not worth counting.
  if (most > 10 * mostRuns) throw tooMany(study);
}

function planBase(study: Study, base: StudyBase): PlannedRun[] {
  const seeds = seedsOf(base, study);
  return expandFactors(base.config, study.factors).flatMap(({ config, marks }) => {
    checkConfig(config, study.factors);
    return seeds.map((seed) => {
      const label = [
        ...(study.bases.length > 1 ? [base.name] : []),
        ...marks,
        ...(seeds.length > 1 ? [`seed ${seed}`] : []),
      ].join(' ');
      const room = Math.max(0, longestName - label.length - 1);
      const prefix = (study.runPrefix ?? study.name).slice(0, room);
      const name = `${prefix} ${label}`.trim().slice(0, longestName) || study.name;
      return { key: keyOfRun(config, seed), name, label, base: base.name, marks, config, seed };
    });
  });
}

/** A run that two combinations come to is planned once. */
function eachOnce(runs: readonly PlannedRun[]): PlannedRun[] {
  const seen = new Set<string>();
  return runs.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/**
 * Every run that a study asks for, each once: bases in order, of each the combinations of its factors
 * (components before fields, else in order; the last changes fastest), of each the seeds.
 *
 * @throws AfterimageError INVALID_ARGUMENT where there is none or more than `mostRuns`, or where a
 *   combination is no configuration
 */
export const plannedRuns = oncePerObject((study: Study): readonly PlannedRun[] => {
  checkStudy(study);
  checkCount(study);
  const runs = eachOnce(study.bases.flatMap((base) => planBase(study, base)));
  if (runs.length > mostRuns) throw tooMany(study);
  return runs;
});

/** What a study plans, as it is trained, seed by seed: whatever is done by then has all its partners. */
export function trainingOrder<Planned extends Pick<PlannedRun, 'base' | 'seed'>>(
  study: Study,
  planned: readonly Planned[],
): Planned[] {
  const seeds = new Map(study.bases.map((base) => [base.name, seedsOf(base, study)]));
  const turnOf = ({ base, seed }: Planned): number => seeds.get(base)?.indexOf(seed) ?? 0;
  return planned.toSorted((a, b) => turnOf(a) - turnOf(b));
}

/**
 * Refuses what is no study: what cannot be planned, and a plan of a single run, which answers no question.
 *
 * @returns its runs
 */
export function planStudy(study: Study): readonly PlannedRun[] {
  const runs = plannedRuns(study);
  if (runs.length > 1) return runs;
  throw invalidArgument(
    `Study ${study.name} has no free factor: it is a single run.`,
    'Give a setting several values, or give several presets or seeds; “train” trains one run.',
  );
}
