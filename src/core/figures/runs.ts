import { paradigmOf } from '../config/objectives.ts';
import { nameDatasets } from '../datasetNames.ts';
import { AfterimageError } from '../errors.ts';
import { judgementOf } from '../metrics/metric.ts';
import { joinWords, type RunLabel } from './figure.ts';
import type { EpochChoice } from './fields.ts';
import type { FigureSpec } from './spec.ts';
import type { Run } from '../records.ts';
import type { FigureSource } from './source.ts';
import { noEpochYet } from '../unbegunRun.ts';

export const labelRun = ({ id, name, seed, config }: Run): RunLabel => ({
  id,
  name,
  seed,
  paradigm: paradigmOf(config),
  dataset: config.data.dataset,
  ...judgementOf(config),
});

export const findRun = (source: FigureSource, idOrName: string): Run =>
  source.getRun(source.resolveRun(idOrName));

/** The runs that a specification names, each once, in its order. */
export function listRunNames(spec: FigureSpec): string[] {
  const names =
    'runs' in spec ? spec.runs : 'rows' in spec ? spec.rows.map(({ run }) => run) : [spec.run];
  return [...new Set(names)];
}

/** The same specification with ids for names, so that it means the same runs after a renaming. */
export function pinRuns(spec: FigureSpec, source: FigureSource): FigureSpec {
  const pin = (name: string): string => source.resolveRun(name);
  if ('rows' in spec)
    return { ...spec, rows: spec.rows.map((row) => ({ ...row, run: pin(row.run) })) };
  if ('runs' in spec) return { ...spec, runs: spec.runs.map(pin) };
  return { ...spec, run: pin(spec.run) };
}

/** INVALID_ARGUMENT unless all runs saw one and the same data set. */
export function requireOneDataset(runs: readonly Run[], source: FigureSource): void {
  const seen = runs.map(({ id, config }) => ({
    id: source.getDataset(id).id,
    name: config.data.dataset,
  }));
  if (new Set(seen.map(({ id }) => id)).size < 2) return;
  const names = nameDatasets(seen);
  const named = runs.map(({ name }, i) => `${name} on ${names[i] ?? ''}`);
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `These runs were evaluated on different data sets: ${joinWords([...new Set(named)])}.`,
    'Compare runs of one data set.',
  );
}

/** INVALID_ARGUMENT if a run is given twice where two are compared. */
export function requireTwoRuns(runs: readonly Run[]): [Run, Run] {
  const [first, second] = runs;
  if (first !== undefined && second !== undefined && first.id !== second.id) return [first, second];
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The comparison names run ${first?.name ?? ''} twice.`,
    'Give two different runs.',
  );
}

/** The number of the epoch that is meant; NOT_FOUND if the run has none such. */
export function resolveEpoch(run: Run, choice: EpochChoice): number {
  const last = run.epochs.at(-1)?.epoch;
  if (last === undefined) throw noEpochYet(run);
  const wanted = choice === 'best' ? (run.bestEpoch ?? last) : choice === 'last' ? last : choice;
  if (wanted <= last) return wanted;
  throw new AfterimageError(
    'NOT_FOUND',
    `Run ${run.name} has no epoch ${wanted}.`,
    `Choose one from 0 to ${last}.`,
  );
}
