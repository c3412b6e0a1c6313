import type { EpochChoice } from '../../core/statistics/comparison.ts';
import type { History } from '../store/history.ts';

/** A choice as the store takes it: null for the best epoch, or the last where there is no best one. */
export function storedEpoch(history: History, runId: string, choice: EpochChoice): number | null {
  if (choice === 'best') return null;
  return choice === 'last' ? (history.runs.getSummary(runId).last?.epoch ?? null) : choice;
}
