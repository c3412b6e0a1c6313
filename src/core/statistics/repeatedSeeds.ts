/**
 * Runs of one configuration and seed are one measurement, however often it was made: a mean over seeds
 * that counted each of them would state an interval that nothing supports.
 */

/** Of runs of one configuration, those that share a seed: a list for each such seed. */
export const listRepeats = <Run extends { seed: number }>(runs: readonly Run[]): Run[][] =>
  [...Map.groupBy(runs, ({ seed }) => seed).values()].filter(({ length }) => length > 1);

/** Whether runs computed the same: losses by epoch, which agree to the bit only where all else does. */
export const haveSameLosses = (losses: readonly (readonly number[])[]): boolean =>
  losses.every((own) => own.join() === losses[0]?.join());

/** What is to be said of seeds that a configuration has more than once; `agree`: with the same numbers. */
export interface RepeatedSeeds {
  words: string;
  agree: boolean;
}

/**
 * Null where each run has a seed of its own.
 *
 * @param lossesOf a run's validation losses by epoch
 */
export function describeRepeats<Run extends { seed: number }>(
  runs: readonly Run[],
  lossesOf: (run: Run) => readonly number[],
): RepeatedSeeds | null {
  const repeats = listRepeats(runs);
  if (repeats.length === 0) return null;
  const differing = repeats.filter((alike) => !haveSameLosses(alike.map(lossesOf)));
  const listSeeds = (lists: Run[][]): string =>
    lists.map(([first]) => `seed ${first?.seed ?? ''}`).join(', ');
  return differing.length > 0
    ? { words: `No means: runs of ${listSeeds(differing)} have other numbers each.`, agree: false }
    : {
        words: `Runs of ${listSeeds(repeats)} have the same numbers: counted once.`,
        agree: true,
      };
}

/**
 * The runs that a mean over seeds takes: one of each seed, since one measurement counts once; none where
 * those of a seed have other numbers each.
 */
export function oneOfEachSeed<Run extends { seed: number }>(
  runs: readonly Run[],
  lossesOf: (run: Run) => readonly number[],
): Run[] {
  if (describeRepeats(runs, lossesOf)?.agree === false) return [];
  return [...Map.groupBy(runs, ({ seed }) => seed).values()].flatMap(([first]) => first ?? []);
}
