import { expect, it } from 'vitest';
import { metricsAt } from '../../../../src/renderer/components/compare/useComparedRuns.ts';
import { automaticEpoch } from '../../../../src/renderer/components/run/runEpoch.ts';
import { buildMetrics } from '../../../support/epochMetrics.ts';

const last = buildMetrics({ epoch: 9 });

it('shows the newest epoch of a run that trains, then the best', () => {
  expect(automaticEpoch({ status: 'running', bestEpoch: 4, last })).toBe(9);
  expect(automaticEpoch({ status: 'completed', bestEpoch: 4, last })).toBe(4);
  expect(automaticEpoch({ status: 'failed', bestEpoch: null, last })).toBe(9);
  expect(automaticEpoch({ status: 'queued', bestEpoch: null, last: null })).toBeNull();
});

it('compares a shorter run at its last epoch', () => {
  const epochs = [0, 1, 2].map((epoch) => buildMetrics({ epoch }));
  expect([0, 2, 9].map((epoch) => metricsAt(epochs, epoch)?.epoch)).toEqual([0, 2, 2]);
  expect(metricsAt([], 3)).toBeNull();
});
