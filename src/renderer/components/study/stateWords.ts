import type { PlannedState, StateCounts } from '../../../core/studies/states.ts';
import { plannedStates } from '../../../core/studies/states.ts';
import { formatInteger } from '../../composables/format.ts';

/** States of planned runs, and of a study as a whole, in words. */
export const stateWords: Record<PlannedState, string> = {
  planned: 'Planned',
  waiting: 'Queued',
  running: 'Running',
  paused: 'Unfinished',
  done: 'Done',
  failed: 'Failed',
};

/** `4 done, 1 running, 1 planned`, those first that are furthest. */
export const describeStates = (counts: StateCounts): string =>
  (['done', 'running', 'waiting', 'paused', 'failed', 'planned'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatInteger(counts[state])} ${stateWords[state].toLowerCase()}`)
    .join(', ');

/** Shares of the bar, in the order in which they stand. */
export const sharesOf = (counts: StateCounts, planned: number) =>
  plannedStates
    .toReversed()
    .toSorted((a, b) => Number(b === 'done') - Number(a === 'done'))
    .filter((state) => counts[state] > 0)
    .map((state) => ({ state, share: counts[state] / planned }));
