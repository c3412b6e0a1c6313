import { describe, expect, it } from 'vitest';
import { pairRuns } from '../../src/core/statistics/pairRuns.ts';
import { resolveEpoch } from '../../src/core/figures/runs.ts';
import type { Run } from '../../src/core/records.ts';
import { chooseEpoch } from '../../src/main/workbench/measures.ts';
import { buildRun } from '../support/reportRuns.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { openTestHistory, newRun } from '../main/store/fixtures.ts';

const failure = { code: 'DISK_FULL', message: 'The disk is full.', remedy: '', log: [] };
const without = (given: Partial<Run>): Run => buildRun({ epochs: [], bestEpoch: null, ...given });

function remedyOf(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (error instanceof AfterimageError) return error.remedy;
    throw error;
  }
  throw new Error('nothing was refused');
}

const askers = {
  figures: (run: Run) => resolveEpoch(run, 'best'),
  tables: (run: Run) => chooseEpoch(run, 'best'),
  comparisons: (run: Run) => pairRuns([run, buildRun({ id: 'other' })]),
};

describe.each(Object.entries(askers))('%s of a run without an epoch', (_, ask) => {
  it('say why it failed and what can be done', () => {
    const remedy = remedyOf(() => ask(without({ status: 'failed', error: failure })));
    expect(remedy).toBe(
      'It failed: The disk is full. Resume it, or train it anew once the cause is mended.',
    );
  });

  it('say that a paused one has to be resumed, and that a queued one waits', () => {
    expect(remedyOf(() => ask(without({ status: 'paused' })))).toContain('Resume it');
    expect(remedyOf(() => ask(without({ status: 'queued' })))).toContain('queued');
  });
});

it('is what the store says of it too', () => {
  const history = openTestHistory();
  const { id } = history.runs.insert(newRun());
  expect(remedyOf(() => history.epochs.get(id, null))).toContain('queued');
  history.runs.setStatus(id, 'failed', failure);
  expect(remedyOf(() => history.epochs.get(id, null))).toContain('The disk is full.');
});
