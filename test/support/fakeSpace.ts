import type { ErrorFacts } from '../../src/core/errors.ts';
import type { Run } from '../../src/core/records.ts';
import type { RunSizes } from '../../src/core/runSizes.ts';

/** What a history that cannot be written says. */
export const fakeRefusal: ErrorFacts = {
  code: 'READ_ONLY',
  message: '/media/archive/afterimage cannot be written.',
  remedy: 'Give yourself write access to it and to its folder, or choose another place.',
};

/** As a run of 10,000 test images takes it. */
export const fakeSizes = ({ epochs, status }: Run, isThinned: boolean): RunSizes => ({
  maps: epochs.length * 810_000,
  predictions: epochs.length * 640_000,
  weights: (isThinned ? Math.min(2, epochs.length) : epochs.length) * 3_250_000,
  checkpoint: status === 'completed' || status === 'queued' ? 0 : 9_750_000,
  audits: 0,
});
