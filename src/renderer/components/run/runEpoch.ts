import type { RunSummary } from '../../../core/records.ts';

type Stored = Pick<RunSummary, 'status' | 'bestEpoch' | 'last'>;

/**
 * The epoch that a run shows of itself while nobody chose one: the newest while it trains, then its
 * best; null before it has any.
 */
export function automaticEpoch({ status, bestEpoch, last }: Stored): number | null {
  const newest = last?.epoch ?? null;
  return status === 'running' ? newest : (bestEpoch ?? newest);
}
