import { paradigmOf } from '../../../src/core/config/objectives.ts';
import type { RunSummary } from '../../../src/core/records.ts';
import { fakeRun, summarize } from '../../support/fakeRuns.ts';

/** Runs of MNIST and Fashion-MNIST under both paradigms, newest first; some have no epoch. */
export const runs: readonly RunSummary[] = Array.from({ length: 30 }, (_, index) =>
  summarize(fakeRun(index, 30, 0)),
);

/** The newest evaluated run of a paradigm on a data set. */
export function newest(paradigm: 'C' | 'R', dataset = 'mnist'): RunSummary {
  const found = runs.find(
    ({ config, last }) =>
      last !== null && paradigmOf(config) === paradigm && config.data.dataset === dataset,
  );
  if (found === undefined) throw new Error(`no run under ${paradigm}`);
  return found;
}
