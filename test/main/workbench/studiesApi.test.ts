import { describe, expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import type { Study } from '../../../src/core/studies/study.ts';
import { keyOfRun } from '../../../src/core/studies/plan.ts';
import type { Workbench } from '../../../src/main/workbench.ts';
import { withSettings } from '../../support/settings.ts';
import { create, finishRun, makeWorkbench, playEpochs, squares } from './playedWorkbench.ts';

const config = withSettings(presets['mnist-c'], { dataset: 'squares', testExamples: 3, epochs: 2 });
const study = (change: Partial<Study> = {}): Study => ({
  name: 'rates',
  question: '',
  bases: [{ name: 'C', config }],
  factors: [{ settings: ['optimizer.learningRate'], rows: [[0.001], [0.01]] }],
  seeds: [1],
  ...change,
});
const refused = (code: string, message: string): Error =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

const countsOf = async ({ api }: Workbench, studyId: string) =>
  (await api.studies.get({ studyId }, {})).counts;
const none = { planned: 0, waiting: 0, running: 0, paused: 0, done: 0, failed: 0 };

describe('a study', () => {
  it('trains what is missing, goes on with what was interrupted, and retries what failed', async () => {
    const { workbench, next } = await makeWorkbench();
    const { api, history, training } = workbench;
    const { id: studyId } = await api.studies.create({ study: study(), isRenamed: false }, {});
    expect(await countsOf(workbench, studyId)).toEqual({ ...none, planned: 2 });
    const whole = await api.studies.estimate({ studyId, engine: 'wasm' }, {});
    const request = { studyId, engine: 'wasm' as const };
    const { runIds } = await api.studies.start({ ...request, states: ['planned', 'paused'] }, {});
    expect(runIds.map((id) => history.runs.get(id))).toMatchObject([
      { name: 'rates learningRate 0.001', experiment: 'rates', seed: 1 },
      { name: 'rates learningRate 0.01', experiment: 'rates', seed: 1 },
    ]);
    // One after the other: the first is done, the second fails.
    const first = await next();
    playEpochs(first, 1);
    expect(await countsOf(workbench, studyId)).toEqual({ ...none, running: 1, waiting: 1 });
    const left = await api.studies.estimate({ studyId, engine: 'wasm' }, {});
    expect(left?.durationMs).toBeLessThan(whole?.durationMs ?? 0);
    first.event({ type: 'completed', reason: 'allEpochs' });
    first.exit('exit code 0');
    const second = await next();
    playEpochs(second, 0);
    second.exit('exit code 1');
    await training.idle;
    expect(await countsOf(workbench, studyId)).toEqual({ ...none, done: 1, failed: 1 });
    expect(await api.studies.start({ ...request, states: ['planned', 'paused'] }, {})).toEqual({
      runIds: [],
    });
    const retried = await api.studies.start({ ...request, states: ['failed'] }, {});
    expect(retried.runIds).toEqual([runIds[1]]);
    await finishRun(workbench, await next());
    expect(await countsOf(workbench, studyId)).toEqual({ ...none, done: 2 });
    expect(await api.studies.estimate({ studyId, engine: 'wasm' }, {})).toBeNull();
    expect((await api.studies.list({}, {})).map(({ state }) => state)).toEqual(['done']);
  });

  it('makes no run twice, and again one that was deleted', async () => {
    const { workbench } = await makeWorkbench();
    const { api } = workbench;
    const { id: studyId } = await api.studies.create({ study: study(), isRenamed: false }, {});
    const start = () => api.studies.start({ studyId, states: ['planned'], engine: 'wasm' }, {});
    const both = await Promise.all([start(), start()]);
    expect(both.flatMap(({ runIds }) => runIds)).toHaveLength(2);
    const [, second = ''] = both.flatMap(({ runIds }) => runIds);
    await api.runs.delete({ runIds: [second] }, {});
    const { runIds } = await start();
    expect(runIds).toHaveLength(1);
    expect((await api.studies.get({ studyId }, {})).cells[1]?.run?.id).toBe(runIds[0]);
  });

  it('trains seed by seed, also what waits for its turn again', async () => {
    const { workbench, next } = await makeWorkbench();
    const { api, history, training } = workbench;
    const planned = { study: study({ seeds: [1, 2] }), isRenamed: false };
    const { id: studyId, cells } = await api.studies.create(planned, {});
    expect(cells.map(({ seed }) => seed)).toEqual([1, 2, 1, 2]);
    const request = { studyId, engine: 'wasm' as const };
    const { runIds } = await api.studies.start({ ...request, states: ['planned'] }, {});
    expect(runIds.map((id) => history.runs.get(id).name)).toEqual(
      [1, 2].flatMap((seed) =>
        [0.001, 0.01].map((rate) => `rates learningRate ${rate} seed ${seed}`),
      ),
    );
    await next();
    await training.pauseAll();
    const again = await api.studies.start({ ...request, states: ['waiting', 'paused'] }, {});
    expect(again.runIds).toEqual(runIds);
  });

  it('begins nothing where one of its runs could not begin', async () => {
    const { workbench } = await makeWorkbench();
    const { api, history } = workbench;
    const factors = [{ settings: ['data.trainExamples'], rows: [[10], [4000]] }];
    const { id: studyId } = await api.studies.create(
      { study: study({ factors }), isRenamed: false },
      {},
    );
    const started = api.studies.start({ studyId, states: ['planned'], engine: 'wasm' }, {});
    await expect(started).rejects.toThrow(refused('INVALID_ARGUMENT', '4000'));
    expect(history.runs.list()).toEqual([]);
  });

  it('may get a number where its name is taken', async () => {
    const { workbench } = await makeWorkbench();
    const { studies } = workbench.api;
    await studies.create({ study: study(), isRenamed: true }, {});
    expect((await studies.create({ study: study(), isRenamed: true }, {})).name).toBe('rates 2');
    expect(() => studies.create({ study: study(), isRenamed: false }, {})).toThrow(
      refused('CONFLICT', 'There is a study rates already.'),
    );
  });

  it('is made of runs that are there, and leaves them or takes them along', async () => {
    const { workbench, next } = await makeWorkbench();
    const { api, history } = workbench;
    const first = await create(workbench);
    const [other] = await api.runs.create(
      { runs: [{ ...squares(), seed: 5 }], engine: 'wasm' },
      {},
    );
    for (let i = 0; i < 2; i += 1) {
      const trainer = await next();
      playEpochs(trainer, 1);
      trainer.event({ type: 'completed', reason: 'allEpochs' });
      trainer.exit('exit code 0');
    }
    await workbench.training.idle;
    const runIds = [first, other?.id ?? ''];
    const adopt = () => api.studies.adopt({ name: 'both', question: 'Why?', runIds }, {});
    const made = await adopt();
    expect(made.cells.map(({ run, key }) => [run?.id, key])).toEqual([
      [first, keyOfRun(squares().config, 4)],
      [other?.id, keyOfRun(squares().config, 5)],
    ]);
    await api.studies.delete({ studyId: made.id, runs: false }, {});
    expect(history.runs.list()).toHaveLength(2);
    const again = await adopt();
    await api.studies.delete({ studyId: again.id, runs: true }, {});
    expect(history.runs.list({ deleted: true })).toHaveLength(2);
    expect(await api.studies.list({}, {})).toEqual([]);
    expect(() => api.studies.adopt({ name: 'one', question: '', runIds: [first] }, {})).toThrow(
      refused('INVALID_ARGUMENT', 'no free factor'),
    );
  });
});
