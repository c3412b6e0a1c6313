import { expect, test } from 'vitest';
import {
  judgeRemote,
  type RemoteFacts,
  type RunReport,
  type TaskState,
} from '../../../src/shared/remoteRuns.ts';

const report = (change: Partial<RunReport> = {}): RunReport => ({
  ...{ runId: 'aaaaaaaaaaaa', state: 'running', job: '7', node: 'n1', restarts: 0 },
  ...{ at: '2026-01-02T03:04:05.678Z', remainingMs: null, error: null },
  progress: {
    ...{ phase: 'training', epoch: 3, epochs: 30, step: 1, steps: 2 },
    ...{ loss: 1, terms: {}, accuracy: 1, imagesPerSecond: 100 },
  },
  ...change,
});

const task = (word: string, change: Partial<TaskState> = {}): TaskState => ({
  ...{ task: 0, job: '7', word, reason: '', node: 'n2' },
  phase: word === 'PENDING' ? 'waiting' : word === 'RUNNING' ? 'running' : 'ended',
  ...change,
});

const judge = (facts: Partial<RemoteFacts>) =>
  judgeRemote({
    ...{ report: null, task: null, isSchedulerKnown: true, hasResult: false },
    ...{ isCollected: false, isCancelled: false, folder: '/shared/far', lastWords: '' },
    ...facts,
  });

const error = { code: 'NOT_FINITE', message: 'The loss is NaN.', remedy: '', log: [] };

test('what is home or done is so, whatever the scheduler still says', () => {
  expect(judge({ isCollected: true, task: task('FAILED') })).toEqual({
    state: 'collected',
    reason: '',
  });
  expect(judge({ hasResult: true, task: task('CANCELLED') })).toEqual({
    state: 'finished',
    reason: '',
  });
});

test('what waits says why, and whether it has something to go on from', () => {
  const waiting = task('PENDING', { reason: 'Priority' });
  expect(judge({ task: waiting })).toEqual({ state: 'waiting', reason: 'Priority' });
  expect(judge({ task: waiting, report: report({ state: 'saved' }) })).toEqual({
    ...{ state: 'saved', reason: 'Priority' },
  });
});

test('what runs is known to train once its own job says so', () => {
  expect(judge({ task: task('RUNNING') }).state).toBe('starting');
  expect(judge({ task: task('RUNNING'), report: report() }).state).toBe('running');
  expect(judge({ task: task('RUNNING'), report: report({ job: '6' }) }).state).toBe('starting');
});

test('a run that failed while others of its task go on has failed, until it is handed over again', () => {
  const failed = report({ state: 'failed', error });
  expect(judge({ task: task('RUNNING'), report: failed })).toEqual({
    ...{ state: 'failed', reason: 'The loss is NaN.' },
  });
  expect(judge({ task: task('PENDING', { job: '8' }), report: failed }).state).toBe('saved');
});

test.each([
  ['TIMEOUT', /time limit/],
  ['OUT_OF_MEMORY', /out of memory.*--mem/],
  ['NODE_FAIL', /machine failed/],
])('a task that ended as %s', (word, reason) => {
  const judged = judge({ task: task(word), report: report() });
  expect(judged.state).toBe('failed');
  expect(judged.reason).toMatch(reason);
});

test('a task that was killed, one that could not begin, and one that wrote nothing', () => {
  const killed = task('FAILED', { reason: 'killed by signal 9' });
  expect(judge({ task: killed, report: report() }).reason).toBe(
    'Its task ended before the run did (FAILED, killed by signal 9).',
  );
  expect(judge({ task: task('FAILED'), lastWords: 'node: not found' }).reason).toBe(
    'Its task ended (FAILED on n2) before it began: node: not found',
  );
  expect(judge({ task: task('COMPLETED') }).reason).toBe(
    'Its task ended (COMPLETED on n2) and wrote nothing: that machine may not see /shared/far.',
  );
});

test('what was taken back is not called failed, be it that its task is still ending', () => {
  expect(judge({ task: task('CANCELLED'), report: report() }).state).toBe('cancelled');
  expect(judge({ isCancelled: true, task: task('RUNNING'), report: report() }).state).toBe(
    'running',
  );
  expect(judge({ isCancelled: true, report: report() }).state).toBe('cancelled');
});

test('where nobody can be asked, what the task wrote last is all there is', () => {
  const unasked = { isSchedulerKnown: false };
  expect(judge({ ...unasked }).state).toBe('waiting');
  expect(judge({ ...unasked, report: report() }).state).toBe('running');
  expect(judge({ ...unasked, report: report({ state: 'failed', error }) })).toEqual({
    ...{ state: 'failed', reason: 'The loss is NaN.' },
  });
});

test('a task that the scheduler has forgotten without its run being done has failed', () => {
  expect(judge({ report: report() })).toEqual({
    state: 'failed',
    reason: 'The scheduler no longer knows its task, which ended before the run did.',
  });
  expect(judge({}).reason).toMatch(/which wrote nothing: its machine may not see \/shared\/far\.$/);
});
