import { nameDatasets } from '../datasetNames.ts';
import { invalidArgument } from '../errors.ts';
import type { Run } from '../records.ts';
import { paradigmOf } from '../config/objectives.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { shortKey } from '../config/settingKeys.ts';
import { allSettings, settingPaths, type SettingValue } from '../config/settings.ts';
import { settingsOf, valueAt, whyUnused } from '../config/settingValues.ts';
import { noEpochYet } from '../unbegunRun.ts';
import { oncePerObject } from '../oncePerObject.ts';
import { haveSameLosses, listRepeats } from './repeatedSeeds.ts';

/** Settings that make one objective another, by their paths. */
export const objectivePaths: ReadonlySet<string> = new Set(
  allSettings
    .filter(({ part, unusedWhen }) => part === 'objective' || unusedWhen?.setting === 'objective')
    .map(({ path }) => path),
);

/** Whether a setting makes one objective another. */
export const isOfObjective = (path: string): boolean => objectivePaths.has(path);

/** The settings that change a run's numbers, with their values. */
export const usedValues = oncePerObject(
  (config: RunConfig): ReadonlyMap<string, SettingValue | undefined> =>
    new Map(
      settingsOf(config)
        .filter((setting) => whyUnused(setting, config) === '')
        .map(({ path }) => [path, valueAt(config, path)]),
    ),
);

/** The settings in which configurations are not all alike, as far as they have and use them. */
export function relevantDifferences(configs: readonly RunConfig[]): string[] {
  const used = configs.map(usedValues);
  return settingPaths.filter((path) => {
    const values = used.filter((own) => own.has(path)).map((own) => own.get(path));
    return values.some((value) => value !== values[0]);
  });
}

/** What of a run says which group it is in. */
export type Configured = Pick<Run, 'config' | 'datasetId'>;

export interface RunGroup<Member extends Configured = Run> {
  /** The paradigm, and the settings that tell it from other groups of the same one. */
  label: string;
  /** Runs that differ by their seed alone, in the order given. */
  runs: Member[];
}

/** The same text for runs that differ by their seed alone. */
const configKey = ({ config, datasetId }: Configured): string =>
  JSON.stringify([datasetId, ...usedValues(config)]);

/**
 * Runs by configuration and data, whatever their seed, in the order in which they first appear: under
 * one name of a data set runs may have seen different ones.
 */
export function groupBySeed<Member extends Configured>(
  runs: readonly Member[],
): RunGroup<Member>[] {
  const grouped = [...Map.groupBy(runs, configKey).values()];
  const firsts = grouped.flatMap(([first]) => first ?? []);
  return grouped.map((members, i) => ({ label: labelOf(firsts, i), runs: members }));
}

/** @param firsts the first run of each group */
function labelOf(firsts: readonly Configured[], index: number): string {
  const run = firsts[index];
  if (run === undefined) return '';
  const { config } = run;
  const alike = firsts.filter((other) => paradigmOf(other.config) === paradigmOf(config));
  const paths = relevantDifferences(alike.map((other) => other.config));
  const sets = alike.map((other) => ({
    name: other.config.data.dataset,
    id: other.datasetId ?? '',
  }));
  const dataset = nameDatasets(sets)[alike.indexOf(run)] ?? '';
  if (dataset !== config.data.dataset && !paths.includes('data.dataset'))
    paths.push('data.dataset');
  const settings = paths
    .filter((path) => valueAt(config, path) !== undefined)
    .map((path) => {
      const value = path === 'data.dataset' ? dataset : String(valueAt(config, path));
      return `${shortKey(path)} ${value}`;
    });
  return [paradigmOf(config), ...settings].join(', ');
}

/** Two runs to be compared on their examples, or two rows of runs whose i-th ones share a seed. */
export type Pairing =
  | { kind: 'examples'; runs: [Run, Run]; labels: [string, string]; warnings: string[] }
  | { kind: 'seeds'; groups: [RunGroup, RunGroup] };

/** How runs are to be compared. INVALID_ARGUMENT, in one line, for those that cannot be. */
export function pairRuns(runs: readonly Run[]): Pairing {
  checkRuns(runs);
  const [a, b] = runs;
  if (a === undefined || b === undefined) {
    throw invalidArgument('A comparison takes at least two runs.', 'Name another run.');
  }
  return runs.length === 2 ? pairTwo(a, b) : { kind: 'seeds', groups: pairSeeds(runs) };
}

function checkRuns(runs: readonly Run[]): void {
  const twice = runs.find((run, i) => runs.findIndex(({ id }) => id === run.id) !== i);
  if (twice) throw invalidArgument(`Run ${twice.name} is named twice.`, 'Name each run once.');
  const empty = runs.find(({ epochs }) => epochs.length === 0);
  if (empty) throw noEpochYet(empty, 'INVALID_ARGUMENT');
}

function pairTwo(a: Run, b: Run): Pairing {
  const others = relevantDifferences([a.config, b.config]).filter((path) => !isOfObjective(path));
  const warnings = [];
  if (others.length > 0) {
    const words = others.map(
      (path) =>
        `${shortKey(path)} (${String(valueAt(a.config, path))}, ${String(valueAt(b.config, path))})`,
    );
    warnings.push(`The runs also differ in ${words.join(', ')}: a difference may come from that.`);
  }
  if (a.seed !== b.seed) {
    warnings.push(
      `The runs have different seeds, ${a.seed} and ${b.seed}: a difference may come from that.`,
    );
  }
  const [first, second] = [paradigmOf(a.config), paradigmOf(b.config)];
  const labels: [string, string] = first === second ? [a.name, b.name] : [first, second];
  return { kind: 'examples', runs: [a, b], labels, warnings };
}

const bySeed = ({ label, runs }: RunGroup): RunGroup => ({
  label,
  runs: runs.toSorted((a, b) => a.seed - b.seed),
});

function pairSeeds(runs: readonly Run[]): [RunGroup, RunGroup] {
  const groups = groupBySeed(runs).map(bySeed);
  const [a, b] = groups;
  if (groups.length !== 2 || a === undefined || b === undefined) {
    throw invalidArgument(
      `These ${runs.length} runs have ${groups.length} ${groups.length === 1 ? 'configuration' : 'configurations'}${groups.length > 1 ? ` (${groups.map(({ label }) => label).join('; ')})` : ''}; over seeds two are compared.`,
      'Name runs that differ by paradigm and seed alone.',
    );
  }
  const others = relevantDifferences(
    [a, b].flatMap((group) => group.runs.map(({ config }) => config)),
  );
  const foreign = others.filter((path) => !isOfObjective(path)).map(shortKey);
  if (foreign.length > 0) {
    throw invalidArgument(
      `${a.label} and ${b.label} also differ in ${foreign.join(', ')}, so their seeds make no pairs.`,
      'Name runs that differ by paradigm and seed alone.',
    );
  }
  for (const group of [a, b]) checkDistinctSeeds(group);
  checkPartners(a, b);
  checkPartners(b, a);
  return [a, b];
}

const describeRepeats = (runs: readonly Run[]): string =>
  haveSameLosses(runs.map(({ epochs }) => epochs.map(({ validationLoss }) => validationLoss)))
    ? 'They hold the same numbers: one measurement, not several.'
    : `Their numbers differ (${runs.map(({ engine, epochs }) => `${epochs.length} epochs by ${engine?.name ?? 'no engine'}`).join(', ')}): they are no other seeds.`;

/**
 * Refuses a group with a seed more than once: such runs are no more evidence than one of them.
 *
 * @param orElse what else can be done, for the end of the remedy
 */
export function checkDistinctSeeds({ label, runs }: RunGroup, orElse = ''): void {
  const [same] = listRepeats(runs);
  const [first] = same ?? [];
  if (same === undefined || first === undefined) return;
  throw invalidArgument(
    `${label} has seed ${first.seed} more than once: ${same.map(({ name, id }) => `${name} (${id})`).join(', ')}. ${describeRepeats(same)}`,
    `Name one run per seed and configuration${orElse}.`,
  );
}

function checkPartners({ label, runs }: RunGroup, other: RunGroup): void {
  const alone = runs.find(({ seed }) => !other.runs.some((run) => run.seed === seed));
  if (!alone) return;
  throw invalidArgument(
    `Seed ${alone.seed} has a run under ${label} (${alone.name}) and none under ${other.label}.`,
    'Leave it out, or name its partner.',
  );
}
