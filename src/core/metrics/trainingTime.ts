import type { EpochMetrics } from '../records.ts';

type Timed = Pick<EpochMetrics, 'epoch' | 'durationMs'>;

/**
 * Time that a run has trained, ms: the sum of its epochs', their evaluation included. The untrained
 * network's evaluation is no training, and neither are the pauses, which the wall clock counts.
 */
export const trainingTimeMs = (epochs: readonly Timed[]): number =>
  epochs.reduce((sum, { epoch, durationMs }) => sum + (epoch > 0 ? durationMs : 0), 0);
