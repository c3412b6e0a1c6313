import { withSettings, type Changes } from '../../../support/settings.ts';
import { presets } from '../../../../src/core/config/presets.ts';
import type { EpochMetrics, RunSummary } from '../../../../src/core/records.ts';
import { buildMetrics } from '../../../support/epochMetrics.ts';

type Given = Omit<Partial<RunSummary>, 'config' | 'best'> & {
  config?: Changes;
  best?: Partial<EpochMetrics> | null;
};

/** A completed run, but for what is given. */
export function buildSummary({ config, best = {}, ...given }: Given = {}): RunSummary {
  const metrics = best === null ? null : buildMetrics(best);
  return {
    id: 'run-1',
    name: 'mnist-c seed 1',
    experiment: 'mnist-c',
    status: 'completed',
    config: withSettings(presets['mnist-c'], config ?? {}),
    seed: 1,
    datasetId: 'of-mnist',
    engine: null,
    bestEpoch: metrics?.epoch ?? null,
    tags: [],
    note: '',
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:10:00.000Z',
    deletedAt: null,
    best: metrics,
    last: metrics,
    validationLosses: [],
    trainingMs: metrics?.durationMs ?? 0,
    ...given,
  };
}
