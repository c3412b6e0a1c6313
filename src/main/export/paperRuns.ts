import { paradigmOf } from '../../core/config/objectives.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { EpochChoice } from '../../core/figures/spec.ts';
import type { Run } from '../../core/records.ts';
import { requireOneDataset, requireTwoRuns, resolveEpoch } from '../../core/figures/runs.ts';
import type { FigureSource } from '../../core/figures/source.ts';

export type Paradigm = 'C' | 'R';

/** A run of each paradigm on one data set, and the late epoch at which each is shown. */
export interface PaperPair {
  runs: Record<Paradigm, Run>;
  epochs: Record<Paradigm, number>;
  choice: EpochChoice;
}

/** In this order whatever the order given. @param option of the command line, for messages */
function findRuns(names: readonly string[], option: string, source: FigureSource): [Run, Run] {
  const runs = names.map((name) => source.getRun(source.resolveRun(name)));
  const [c, r] = (['C', 'R'] as const).map((paradigm) =>
    runs.filter(({ config }) => paradigmOf(config) === paradigm),
  );
  if (runs.length !== 2 || c?.length !== 1 || r?.length !== 1) {
    const given = runs.map(({ name, config }) => `${name} (${paradigmOf(config)})`).join(', ');
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `The paper compares one run under C with one under R, not ${given}.`,
      `Give two runs, such as ${option} C,R.`,
    );
  }
  const pair = requireTwoRuns([...c, ...r]);
  requireOneDataset(pair, source);
  return pair;
}

/** The two runs of an option; errors say what they lack. */
export function findPair(
  names: readonly string[],
  option: '--runs' | '--fashion-runs',
  choice: EpochChoice,
  source: FigureSource,
): PaperPair {
  const [c, r] = findRuns(names, option, source);
  return {
    runs: { C: c, R: r },
    epochs: { C: resolveEpoch(c, choice), R: resolveEpoch(r, choice) },
    choice,
  };
}

/** NOT_FOUND unless both runs have the early epoch that the paper shows. */
export function requireEarlyEpoch({ runs }: PaperPair, epoch: number): void {
  for (const { name, epochs } of Object.values(runs)) {
    if (epochs.some((stored) => stored.epoch === epoch)) continue;
    throw new AfterimageError(
      'NOT_FOUND',
      `Run ${name} has no epoch ${epoch}, which figures 1 and 2 show.`,
      'Choose runs that were trained for an epoch at least.',
    );
  }
}

/** INVALID_ARGUMENT if both pairs saw the same images. */
export function requireOtherDataset(
  first: PaperPair,
  second: PaperPair,
  source: FigureSource,
): void {
  const { C: other } = second.runs;
  if (source.getDataset(first.runs.C.id).id !== source.getDataset(other.id).id) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `Run ${other.name} was evaluated on ${other.config.data.dataset}, as the first pair was.`,
    'Give --fashion-runs two runs of another data set.',
  );
}
