import { presets } from '../../src/core/config/presets.ts';
import type { Run } from '../../src/core/records.ts';
import { buildMetrics } from './epochMetrics.ts';

/** A completed run with one epoch, but for what is given. */
export const buildRun = (given: Partial<Run>): Run => ({
  id: 'r1',
  name: 'mnist-r seed 2',
  experiment: 'paper',
  status: 'completed',
  config: presets['mnist-r'],
  seed: 2,
  datasetId: 'of-mnist',
  engine: null,
  epochs: [buildMetrics()],
  bestEpoch: 1,
  tags: [],
  note: '',
  error: null,
  createdAt: '2026-01-02T03:04:05.678Z',
  startedAt: null,
  finishedAt: null,
  deletedAt: null,
  ...given,
});
