import type { RunStatus } from '../records.ts';

/** How far a planned run is: without a run, waiting for a trainer, training, able to go on, ended well, failed. */
export const plannedStates = ['planned', 'waiting', 'running', 'paused', 'done', 'failed'] as const;
export type PlannedState = (typeof plannedStates)[number];

const states: Record<RunStatus, PlannedState> = {
  queued: 'waiting',
  running: 'running',
  paused: 'paused',
  interrupted: 'paused',
  stopped: 'done',
  completed: 'done',
  failed: 'failed',
};

/** @param status of the run that was made for it; null where there is none */
export const stateOf = (status: RunStatus | null): PlannedState =>
  status === null ? 'planned' : states[status];

export type StateCounts = Record<PlannedState, number>;

export function countStates(of: readonly PlannedState[]): StateCounts {
  const counts = Object.fromEntries(plannedStates.map((state) => [state, 0])) as StateCounts;
  for (const state of of) counts[state] += 1;
  return counts;
}

/** Of a study as a whole; `paused`: some of its runs are there, nothing trains, and some are missing. */
export function stateOfStudy(counts: StateCounts): PlannedState {
  const total = plannedStates.reduce((sum, state) => sum + counts[state], 0);
  if (counts.running > 0) return 'running';
  if (counts.waiting > 0) return 'waiting';
  if (counts.failed > 0) return 'failed';
  if (counts.done === total) return 'done';
  return counts.planned === total ? 'planned' : 'paused';
}

/** The states that there are with how many planned runs are in each: `3 done, 1 running, 2 planned`. */
export const describeCounts = (counts: StateCounts): string =>
  plannedStates
    .toReversed()
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`)
    .join(', ');

/** Which of several runs for one plan stands for it: the one furthest on, of equals the first. */
const ranks: readonly PlannedState[] = [
  'done',
  'running',
  'waiting',
  'paused',
  'failed',
  'planned',
];

export const furthest = <T>(of: readonly T[], statusOf: (one: T) => RunStatus): T | undefined =>
  of.toSorted(
    (a, b) => ranks.indexOf(stateOf(statusOf(a))) - ranks.indexOf(stateOf(statusOf(b))),
  )[0];
