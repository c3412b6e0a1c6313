import type { EpochMetrics, Run } from '../records.ts';

/** The epoch that a run is judged by: its best one, or the last where there is none yet. */
export const judgedEpoch = ({ epochs, bestEpoch }: Run): EpochMetrics | undefined =>
  epochs.find(({ epoch }) => epoch === bestEpoch) ?? epochs.at(-1);
