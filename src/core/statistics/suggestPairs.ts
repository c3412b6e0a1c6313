import { groupBySeed, relevantDifferences, isOfObjective, type RunGroup } from './pairRuns.ts';
import type { SweptRun } from './sweep.ts';

/** Two configurations that their seeds pair, and of each the runs of the seeds that both have. */
export interface SuggestedPair<Member extends SweptRun> {
  a: RunGroup<Member>;
  b: RunGroup<Member>;
  /** Seeds in common, ascending. */
  seeds: number[];
}

/** Whether runs of two configurations saw the same data and differ by what they minimise alone. */
function differInObjective([a]: readonly SweptRun[], [b]: readonly SweptRun[]): boolean {
  if (a === undefined || b === undefined || a.datasetId !== b.datasetId) return false;
  const differing = relevantDifferences([a.config, b.config]);
  return differing.length > 0 && differing.every(isOfObjective);
}

/**
 * Pairs that a comparison over seeds would take, those with most seeds first, then in the order of the runs.
 *
 * @param runs newest first
 * @param most pairs suggested
 */
export function suggestPairs<Member extends SweptRun>(
  runs: readonly Member[],
  most: number,
): SuggestedPair<Member>[] {
  const groups = groupBySeed(runs).map(({ label, runs: members }) => ({
    label,
    // Of a seed that was trained more than once, the newest.
    runs: [...Map.groupBy(members, ({ seed }) => seed).values()].flatMap(([first]) => first ?? []),
  }));
  const pairs = groups.flatMap((a, i) =>
    groups.slice(i + 1).flatMap((b) => {
      const seedsOfB = new Set(b.runs.map(({ seed }) => seed));
      const seeds = a.runs.map(({ seed }) => seed).filter((seed) => seedsOfB.has(seed));
      if (seeds.length === 0 || !differInObjective(a.runs, b.runs)) return [];
      const pick = ({ label, runs: members }: RunGroup<Member>): RunGroup<Member> => ({
        label,
        runs: members
          .filter(({ seed }) => seeds.includes(seed))
          .toSorted((first, second) => first.seed - second.seed),
      });
      return [{ a: pick(a), b: pick(b), seeds: seeds.toSorted((x, y) => x - y) }];
    }),
  );
  return pairs
    .toSorted((x, y) => y.seeds.length - x.seeds.length)
    .slice(0, most)
    .map(relabel);
}

/** With labels that tell the two apart, and not all that the groups beside them differ in. */
function relabel<Member extends SweptRun>(pair: SuggestedPair<Member>): SuggestedPair<Member> {
  const [a = pair.a, b = pair.b] = groupBySeed([...pair.a.runs, ...pair.b.runs]);
  return { ...pair, a, b };
}
