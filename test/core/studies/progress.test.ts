import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import type { RunStatus } from '../../../src/core/records.ts';
import { keyOfRun, plannedRuns } from '../../../src/core/studies/plan.ts';
import {
  describeStudy,
  type StudyRecord,
  type StudyRun,
} from '../../../src/core/studies/progress.ts';
import {
  countStates,
  describeCounts,
  stateOfStudy,
  type PlannedState,
} from '../../../src/core/studies/states.ts';
import { studyOfRuns } from '../../../src/core/studies/studyOfRuns.ts';
import type { Study } from '../../../src/core/studies/study.ts';

const study: Study = {
  name: 'C and R',
  question: 'Which?',
  bases: [
    { name: 'C', config: presets['mnist-c'] },
    { name: 'R', config: presets['mnist-r'] },
  ],
  factors: [],
  seeds: [1, 2],
};
const time = '2026-01-02T03:04:05.678Z';
const record: StudyRecord = { id: 's', study, createdAt: time, changedAt: time };
const keys = plannedRuns(study).map(({ key }) => key);
const run = (runId: string, key: string | undefined, status: RunStatus): StudyRun => ({
  runId,
  key: key ?? '',
  status,
});

describe('how far a study is', () => {
  it('is told of each planned run by the run that is furthest on', () => {
    const detail = describeStudy(record, [
      run('again', keys[0], 'failed'),
      run('first', keys[0], 'completed'),
      run('other', 'ffffffffffffffff', 'completed'),
      run('stopped', keys[1], 'interrupted'),
      run('bad', keys[3], 'failed'),
    ]);
    expect(detail.cells.map(({ label, state, run: of }) => [label, state, of?.id])).toEqual([
      ['C seed 1', 'done', 'first'],
      ['C seed 2', 'paused', 'stopped'],
      ['R seed 1', 'planned', undefined],
      ['R seed 2', 'failed', 'bad'],
    ]);
    expect(detail.others).toEqual(['again', 'other']);
    expect(detail.planned).toBe(4);
    expect(detail.counts).toEqual({
      planned: 1,
      waiting: 0,
      running: 0,
      paused: 1,
      done: 1,
      failed: 1,
    });
    expect(describeCounts(detail.counts)).toBe('1 failed, 1 done, 1 paused, 1 planned');
  });

  it.each<[PlannedState[], PlannedState]>([
    [['planned', 'planned'], 'planned'],
    [['planned', 'done'], 'paused'],
    [['done', 'done'], 'done'],
    [['failed', 'done'], 'failed'],
    [['failed', 'waiting'], 'waiting'],
    [['waiting', 'running'], 'running'],
  ])('is, of %s, %s', (of, state) => {
    expect(stateOfStudy(countStates(of))).toBe(state);
  });
});

describe('a study of runs', () => {
  const { 'mnist-c': c, 'mnist-r': r } = presets;

  it('asks for exactly these, each once', () => {
    const runs = [
      { name: 'paper C seed 1', config: c, seed: 1 },
      { name: 'paper C seed 2', config: c, seed: 2 },
      { name: 'paper R seed 1', config: r, seed: 1 },
      { name: 'again', config: r, seed: 1 },
    ];
    const made = studyOfRuns('paper', 'Why?', runs);
    expect(made).toMatchObject({ name: 'paper', question: 'Why?' });
    expect(plannedRuns(made).map(({ key, base }) => [key, base])).toEqual([
      [keyOfRun(c, 1), 'paper C'],
      [keyOfRun(c, 2), 'paper C'],
      [keyOfRun(r, 1), 'paper R'],
    ]);
  });

  it('has its seeds once where all configurations have the same, and tells like names apart', () => {
    const runs = [c, r].flatMap((config) => [4, 5].map((seed) => ({ name: 'x', config, seed })));
    const made = studyOfRuns('x', '', runs);
    expect(made.seeds).toEqual([4, 5]);
    expect(made.bases.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['x', undefined],
      ['x 2', undefined],
    ]);
  });
});
