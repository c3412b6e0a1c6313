import type { EpochMetrics } from './records.ts';

/** Whether a run's weights were imported: it has an epoch after the untrained network, and nothing was trained for it. */
export const hasImportedWeights = (
  last: Pick<EpochMetrics, 'epoch' | 'trainLoss'> | null | undefined,
): boolean => (last?.epoch ?? 0) > 0 && last?.trainLoss === null;
