import type { SizeKind } from '../../../core/runSizes.ts';

/** One colour for each kind of what a run takes; those of paradigms mean something else. */
export const kindColors: Readonly<Record<SizeKind, string>> = {
  maps: 'var(--series-1)',
  predictions: 'var(--series-4)',
  weights: 'var(--series-3)',
  checkpoint: 'var(--series-2)',
  audits: 'var(--series-6)',
};
