import { describe, expect, it } from 'vitest';
import { Recorder } from '../../../src/main/training/recorder.ts';
import type { TrainerEvent } from '../../../src/shared/trainerEvents.ts';
import {
  engine,
  errorOf,
  makeEpoch,
  makeMetrics,
  newRun,
  openTestHistory,
} from '../store/fixtures.ts';

const started = {
  type: 'started',
  engine,
  environment: { node: '24' },
} as const satisfies TrainerEvent;
const epoch = (number: number): TrainerEvent => ({ type: 'epoch', result: makeEpoch(number) });
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

function makeRecorder() {
  const history = openTestHistory();
  const { id } = history.runs.insert(newRun());
  return { history, id, recorder: new Recorder(history, id) };
}

describe('the recorder', () => {
  it('stores a run from its start to its end', () => {
    const { history, id, recorder } = makeRecorder();
    recorder.record(started);
    expect(history.runs.get(id)).toMatchObject({ status: 'running', engine });
    expect(history.runs.getSetup(id).environment).toEqual({ node: '24' });
    for (const number of [0, 1, 2]) recorder.record(epoch(number));
    recorder.record({ type: 'completed', reason: 'allEpochs' });
    const run = history.runs.get(id);
    expect(run).toMatchObject({ status: 'completed', bestEpoch: 2, error: null });
    expect(run.epochs).toEqual([0, 1, 2].map((number) => makeMetrics(number)));
    expect(Date.parse(run.finishedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(run.startedAt ?? ''),
    );
  });

  it('keeps the last checkpoint, whichever event brought it', () => {
    const { history, id, recorder } = makeRecorder();
    recorder.record(started);
    recorder.record(epoch(0));
    const step: TrainerEvent = { type: 'checkpoint', epoch: 1, step: 5, checkpoint: bytes(7, 7) };
    recorder.record(step);
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([7, 7]);
    recorder.record({ type: 'paused', checkpoint: bytes(8) });
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([8]);
    expect(history.runs.get(id)).toMatchObject({ status: 'paused', finishedAt: null });
  });

  it('stores why a run failed, and what came before', () => {
    const { history, id, recorder } = makeRecorder();
    recorder.record(started);
    recorder.record(epoch(0));
    const failed: TrainerEvent = { type: 'failed', code: 'NOT_FINITE', message: 'm', remedy: 'r' };
    recorder.record(failed);
    expect(history.runs.get(id)).toMatchObject({
      status: 'failed',
      error: { code: 'NOT_FINITE', message: 'm', remedy: 'r', log: [] },
      epochs: [{ epoch: 0 }],
    });
  });

  it('stores nothing of progress', () => {
    const { history, id, recorder } = makeRecorder();
    const before = history.runs.get(id);
    recorder.record({
      type: 'progress',
      progress: {
        phase: 'training',
        epoch: 1,
        epochs: 2,
        step: 3,
        steps: 4,
        loss: 1,
        terms: { crossEntropy: 1 },
        accuracy: 0.5,
        imagesPerSecond: 10,
      },
    });
    expect(history.runs.get(id)).toEqual(before);
  });

  it('takes an epoch twice where it is the same, and refuses another one', async () => {
    const { history, id, recorder } = makeRecorder();
    for (const event of [started, epoch(0), epoch(1)]) recorder.record(event);
    const before = history.runs.get(id);
    recorder.record(started);
    recorder.record(epoch(1));
    expect(history.runs.get(id)).toEqual(before);
    const result = makeEpoch(1, { metrics: { testAccuracy: 0.5 } });
    const error = await errorOf(() => recorder.record({ type: 'epoch', result }));
    expect(error).toMatchObject({ code: 'CONFLICT' });
    expect(history.runs.get(id)).toEqual(before);
  });

  it('lets a run go on only on the engine that it began with', async () => {
    const { history, id, recorder } = makeRecorder();
    recorder.record(started);
    const native = { ...engine, name: 'native' } as const;
    const other = { ...native, threads: 4, versions: { tfjs: '4.23.0' } };
    // Nothing is stored yet that another engine could contradict.
    recorder.record({ type: 'started', engine: other, environment: {} });
    expect(history.runs.get(id).engine).toEqual(other);
    recorder.record(epoch(0));
    recorder.record({ type: 'paused', checkpoint: bytes(1) });
    const error = await errorOf(() => recorder.record({ ...started, engine: native }));
    expect(error).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('tfjs was 4.23.0, is 4.22.0; threads was 4, is 1') as string,
    });
    expect(history.runs.get(id)).toMatchObject({ status: 'paused', engine: other });
    recorder.record({ type: 'started', engine: other, environment: {} });
    expect(history.runs.get(id)).toMatchObject({ status: 'running', engine: other });
  });

  it('lets a run on the embedded engine go on with any number of threads, its bits being the same', () => {
    const { history, id, recorder } = makeRecorder();
    for (const event of [started, epoch(0)]) recorder.record(event);
    const other = { ...engine, threads: 4 };
    recorder.record({ type: 'started', engine: other, environment: {} });
    expect(history.runs.get(id).engine).toEqual(other);
    recorder.record(epoch(1));
  });
});
