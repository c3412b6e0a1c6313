import { type Changes } from '../../support/settings.ts';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { openHistory } from '../../../src/main/store/history.ts';
import type { EngineName } from '../../../src/core/records.ts';
import { version } from '../../../src/main/version.ts';
import { workbenchEventSchema } from '../../../src/shared/events.ts';
import { decodeSafetensors, type TensorFile } from '../../../src/core/formats/safetensors.ts';
import type { TrainerProgress } from '../../../src/shared/trainerEvents.ts';
import { finishTask } from '../../../src/main/platform/longTask.ts';
import { receiveRuns, sendBundle, usualExport } from '../../../src/renderer/stores/bundlePieces.ts';
import { gather } from '../../support/pieces.ts';
import { connectDirectly } from '../../support/rendererApp.ts';
import { makeIdxFiles } from '../datasets/builders.ts';
import { engine, errorOf } from '../store/fixtures.ts';
import {
  create,
  finishRun,
  makeResult,
  makeWorkbench,
  playEpochs,
  squarePixels,
  squares,
} from './playedWorkbench.ts';

const progress: TrainerProgress = {
  phase: 'training',
  ...{ epoch: 1, epochs: 2, step: 1, steps: 3, imagesPerSecond: 100 },
  ...{ loss: 1, terms: { crossEntropy: 1 }, accuracy: 0.5 },
};

const decode = async (blob: Blob): Promise<TensorFile> =>
  decodeSafetensors(new Uint8Array(await blob.arrayBuffer()), 'the answer');

describe('a run', () => {
  it('is refused before it is stored where it could not begin', async () => {
    const { workbench } = await makeWorkbench();
    const { api } = workbench;
    const attempt = (change: Changes): Promise<Error> =>
      errorOf(() => api.runs.create({ runs: [squares(), squares(change)], engine: null }, {}));
    expect(await attempt({ dataset: 'circles' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await attempt({ trainExamples: 41 })).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('only 40') as string,
    });
    expect(await attempt({ validationFraction: 0.001 })).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await gather(api.runs.list({ deleted: false }, {}))).toEqual([]);
  });

  it('gives its trainer the same split each time, and the checkpoint to go on from', async () => {
    const { workbench, next } = await makeWorkbench({ checkpointIntervalMs: 250 });
    const runId = await create(workbench);
    const first = await next();
    expect(first.job).toMatchObject({
      ...{ runId, seed: 4, engine: 'wasm', engineFolder: null },
      ...{ checkpoint: null, checkpointIntervalMs: 250 },
      config: squares().config,
    });
    const { train, validation, test } = first.job.split;
    expect([train.length, validation.length, test.length]).toEqual([36, 4, 3]);
    await workbench.api.runs.pause({ runId }, {});
    await workbench.training.idle;
    await workbench.api.runs.resume({ runId }, {});
    const second = await next();
    expect([...(second.job.checkpoint ?? [])]).toEqual([9]);
    expect({ ...second.job, checkpoint: null }).toEqual(first.job);
  });

  it.each(['native', 'wasm'] as const)(
    'begins on as many threads of the %s engine as were asked for',
    async (name) => {
      const { workbench, next } = await makeWorkbench({ threads: 3 });
      await workbench.api.runs.create({ runs: [squares()], engine: name }, {});
      expect((await next()).job).toMatchObject({ engine: name, threads: 3 });
    },
  );

  it('begins on its share of the cores where nobody asked', async () => {
    const { workbench, next } = await makeWorkbench();
    await create(workbench);
    expect((await next()).job.threads).toBe(availableParallelism());
  });

  describe('that threads are asked for', () => {
    /** A workbench that asks for three, and a paused run that began with `began` of them. */
    async function pauseRun(name: EngineName, began: number, lastEpoch: number) {
      const made = await makeWorkbench({ threads: 3 });
      const { api, training, history } = made.workbench;
      const { id: runId } = history.runs.insert(squares(), name);
      training.submitWaiting();
      const trainer = await made.next();
      const started = { ...engine, name, threads: began };
      trainer.event({ type: 'started', engine: started, environment: {} });
      for (let epoch = 0; epoch <= lastEpoch; epoch += 1) {
        trainer.event({ type: 'epoch', result: makeResult(trainer.job, epoch) });
      }
      await api.runs.pause({ runId }, {});
      await training.idle;
      return { ...made, resume: () => api.runs.resume({ runId }, {}) };
    }

    it('goes on with those that it began with', async () => {
      const { resume, next } = await pauseRun('native', 3, 0);
      await resume();
      expect((await next()).job.threads).toBe(3);
    });

    it('is not resumed with others, on which its last digits depend', async () => {
      const { resume } = await pauseRun('native', 2, 0);
      expect(await errorOf(resume)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/began with 2 threads .* cannot go on with 3/) as string,
      });
    });

    it('takes them where it has no epoch yet', async () => {
      const { resume, next } = await pauseRun('native', 2, -1);
      await resume();
      expect((await next()).job.threads).toBe(3);
    });

    it('takes them on the embedded engine, whose numbers depend on none', async () => {
      const { resume, next } = await pauseRun('wasm', 1, 0);
      await resume();
      expect((await next()).job.threads).toBe(3);
    });
  });

  describe('whose batches the embedded engine has no memory for', () => {
    const refusal = {
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^Batches of 64 images of data set squares, 224/) as string,
      remedy: expect.stringMatching(/^Set batchSize to \d+ or less/) as string,
    };
    const makeLarge = () => makeWorkbench({ files: makeIdxFiles(20, 6, 2, 224) });

    it('is refused where it is queued and where its time is estimated', async () => {
      const { api } = (await makeLarge()).workbench;
      const { config } = squares();
      const attempts = [
        () => api.runs.create({ runs: [squares()], engine: 'wasm' }, {}),
        () => api.runs.estimate({ configs: [config], engine: 'wasm' }, {}),
      ];
      for (const attempt of attempts) expect(await errorOf(attempt)).toMatchObject(refusal);
      const native = await api.runs.estimate({ configs: [config], engine: 'native' }, {});
      expect(native.durationMs).toBeGreaterThan(0);
    });

    it('is not resumed, and fails in words where the queue starts it', async () => {
      const { workbench } = await makeLarge();
      const { runs } = workbench.history;
      const { id: runId } = runs.insert(squares());
      expect(await errorOf(() => workbench.api.runs.resume({ runId }, {}))).toMatchObject(refusal);
      workbench.training.submitWaiting();
      await workbench.training.idle;
      expect(runs.get(runId)).toMatchObject({ status: 'failed', error: refusal });
    });
  });

  it('tells what happens to it in events that fit the contract', async () => {
    const { workbench, next } = await makeWorkbench();
    const reading = new AbortController();
    const stream = workbench.events.read({ signal: reading.signal });
    const told: string[] = [];
    const read = (async () => {
      for await (const event of stream) {
        const seen = workbenchEventSchema.parse(event);
        told.push(seen.type === 'run' ? `${seen.run.name} ${seen.run.status}` : seen.type);
      }
    })();
    const runId = await create(workbench);
    const trainer = await next();
    playEpochs(trainer, 0);
    trainer.event({ type: 'progress', progress });
    await finishRun(workbench, trainer);
    await workbench.api.runs.rename({ runId, name: 'renamed' }, {});
    await workbench.api.runs.delete({ runIds: [runId] }, {});
    await workbench.api.runs.purge({ runIds: [runId] }, {});
    await nextTurn();
    reading.abort();
    await read;
    expect(told).toEqual([
      // Created, put in the queue, taken from it, started; the trainer is there.
      ...['a run queued', 'queue', 'queue', 'a run running', 'a run running'],
      ...['epoch', 'a run running', 'progress', 'a run completed'],
      ...['renamed completed', 'renamed completed', 'purged'],
    ]);
  });

  it('is stopped for good, keeping its epochs', async () => {
    const { workbench, next } = await makeWorkbench();
    const runId = await create(workbench);
    playEpochs(await next(), 1);
    expect(await workbench.api.runs.stop({ runId }, {})).toMatchObject({ status: 'stopped' });
    const run = await workbench.api.runs.get({ runId }, {});
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual([0, 1]);
    const refused = await errorOf(() => workbench.api.runs.resume({ runId }, {}));
    expect(refused).toMatchObject({ code: 'CONFLICT' });
  });

  it('goes in a bundle to another workbench', async () => {
    const [here, there] = [await makeWorkbench(), await makeWorkbench()];
    const runId = await create(here.workbench);
    const trainer = await here.next();
    playEpochs(trainer, 2);
    await finishRun(here.workbench, trainer);
    const { signal } = new AbortController();
    const from = connectDirectly(here.workbench.api).client.runs;
    const bundle = await finishTask(
      receiveRuns(from, usualExport([runId]), signal),
      () => undefined,
    );
    const file = new File([bundle], 'run.afterimage');
    const to = connectDirectly(there.workbench.api).client.runs;
    const result = await finishTask(sendBundle(to, file, signal), () => undefined);
    expect(result).toMatchObject({ imported: [runId], skipped: [], inBin: [] });
    expect(await there.workbench.api.runs.get({ runId }, {})).toEqual(
      await here.workbench.api.runs.get({ runId }, {}),
    );
  });
});

describe('closing', () => {
  it('pauses what trains and closes the history, whatever else cannot end', async () => {
    const { workbench, next, dataDir } = await makeWorkbench();
    const runId = await create(workbench);
    playEpochs(await next(), 0);
    vi.spyOn(workbench.events, 'publish').mockImplementation(({ type }) => {
      if (type === 'queue') throw new Error('nobody listens');
    });
    await expect(workbench.close()).rejects.toThrow('nobody listens');
    workbench.close = () => Promise.resolve();
    const history = openHistory({ dataDir, version });
    expect(history.runs.getSummary(runId).status).toBe('paused');
    history.close();
    expect(() => workbench.history.runs.getSummary(runId)).toThrow();
  });
});

describe('tensors', () => {
  it('of one epoch are those that the trainer sent', async () => {
    const { workbench, next } = await makeWorkbench();
    const runId = await create(workbench);
    const trainer = await next();
    playEpochs(trainer, 1);
    const { tensors } = await decode(await workbench.api.examples.epoch({ runId, epoch: 1 }, {}));
    const sent = makeResult(trainer.job, 1).examples;
    expect(tensors).toMatchObject({
      exampleIds: { shape: [3], values: trainer.job.split.test },
      labels: { shape: [3], values: sent.labels },
      probabilities: { shape: [3, 2], values: sent.probabilities },
      camLevels: { shape: [3, 3, 3], values: sent.camLevels },
      camScales: { shape: [3], values: sent.camScales },
      inputCorrelation: { shape: [3], values: sent.measures.inputCorrelation },
      maskArea: { shape: [3], values: sent.maskArea },
    });
  });

  it('of one image over all epochs come with the image', async () => {
    const { workbench, next } = await makeWorkbench();
    const runId = await create(workbench);
    const trainer = await next();
    playEpochs(trainer, 2);
    const exampleId = trainer.job.split.test[1] ?? 0;
    const answer = await workbench.api.examples.history({ runId, exampleId }, {});
    const { tensors, metadata } = await decode(answer);
    const sent = [0, 1, 2].map((epoch) => makeResult(trainer.job, epoch).examples);
    expect(tensors['epochs']?.values).toEqual(Uint32Array.of(0, 1, 2));
    expect([...(tensors['probabilities']?.values ?? [])]).toEqual(
      sent.flatMap(({ probabilities }) => [...probabilities.subarray(2, 4)]),
    );
    expect([...(tensors['predictedLevels']?.values ?? [])]).toEqual(
      sent.flatMap(({ camLevels }) => [...camLevels.subarray(9, 18)]),
    );
    const pixels = Uint8Array.from(squarePixels(exampleId));
    expect(tensors['image']).toEqual({ shape: [8, 8], values: pixels });
    expect(JSON.parse(metadata['classNames'] ?? '')).toEqual(['0', '1']);
  });

  it('of images are in the order asked for, and none beyond the last', async () => {
    const { api } = (await makeWorkbench()).workbench;
    const datasetId = (await api.datasets.list({}, {}))[0]?.id ?? '';
    const asked = { datasetId, split: 'train' as const, indices: [5, 2] };
    const { tensors } = await decode(await api.datasets.images(asked, {}));
    expect(tensors).toEqual({
      images: { shape: [2, 8, 8], values: Uint8Array.from([5, 2].flatMap(squarePixels)) },
      labels: { shape: [2], values: Uint8Array.of(1, 0) },
    });
    const beyond = await errorOf(() => api.datasets.images({ ...asked, indices: [40] }, {}));
    expect(beyond).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('the last one is 39') as string,
    });
  });
});

describe('an estimate', () => {
  it('rests on an assumption first, then on what this machine has done', async () => {
    const { workbench, next } = await makeWorkbench();
    const { api } = workbench;
    const configs = [squares({ epochs: 2 }).config];
    const before = await api.runs.estimate({ configs, engine: null }, {});
    expect(before.basis).toContain('No run has been trained here on the wasm engine yet');
    await create(workbench);
    playEpochs(await next(), 1);
    // 36 images trained in each of 2 epochs; 3 + 4 evaluated 3 times, thrice as fast: 1000.25 / s.
    const after = await api.runs.estimate({ configs, engine: null }, {});
    expect(after.durationMs).toBeCloseTo(((2 * 36 + (3 * 7) / 3) / 1000.25) * 1000, 6);
    expect(after.basis).toContain('1000 images/s');
    // Another engine's speed says nothing of the native one's.
    const native = await api.runs.estimate({ configs, engine: 'native' }, {});
    expect(native.basis).toContain('No run has been trained here on the native engine yet');
    expect(native.durationMs).toBeCloseTo(((2 * 36 + (3 * 7) / 3) / 1200) * 1000, 6);
  });
});
