import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/core/formats/safetensors.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import type { EpochResult, TrainerEvent } from '../../src/shared/trainerEvents.ts';
import type { Changes } from './settings.ts';
import { makeTinyDataset, makeTinyJob, trainTiny } from './tinyRun.ts';

export const resultsOf = (events: TrainerEvent[]): EpochResult[] =>
  events.flatMap((event) => (event.type === 'epoch' ? [event.result] : []));

/** An epoch's numbers without the clock's. */
function withoutTimes({ metrics, examples, weights }: EpochResult): unknown {
  const { durationMs, evaluationMs, imagesPerSecond, ...numbers } = metrics;
  expect([durationMs, evaluationMs, imagesPerSecond ?? 1].every((value) => value > 0)).toBe(true);
  return { numbers, examples, weights };
}

/** Of 8 x 8 pixels: with a map of 2 x 2 at the layer that is explained. */
const small: Changes[] = [
  { model: 'resnet', depth: '8' },
  { model: 'convnext', size: 'mini' },
  { model: 'swin', window: 3 },
  { model: 'protopnet', prototypesPerClass: 2 },
];

/**
 * How a run behaves, whatever the engine: the same numbers however often it is interrupted. Where it may be
 * is the trainer's matter: an engine whose sessions take long to begin is interrupted in some places.
 */
export function describeTraining(getEngine: () => Engine, isPausedEverywhere = true): void {
  describe('training', () => {
    it('emits every epoch from the untrained one on, then completes', async () => {
      const events = await trainTiny(getEngine(), makeTinyJob());
      expect(resultsOf(events).map(({ metrics }) => metrics.epoch)).toEqual([0, 1, 2]);
      expect(events.at(-1)).toEqual({ type: 'completed', reason: 'allEpochs' });
      const [untrained, first] = resultsOf(events);
      expect(untrained?.metrics.trainLoss).toBeNull();
      expect(first?.metrics.trainLoss).toBeGreaterThan(0);
      expect(first?.examples.camLevels.length).toBe(12 * (first?.examples.mapSize ?? 0) ** 2);
    });

    it.each(small)('$model learns in two epochs, its map with it', async (changes) => {
      const results = resultsOf(await trainTiny(getEngine(), makeTinyJob(changes)));
      const [untrained, first, second] = results.map(({ metrics }) => metrics);
      expect(results.map(({ examples }) => examples.mapSize)).toEqual([2, 2, 2]);
      expect(second?.trainLoss).toBeLessThan(first?.trainLoss ?? NaN);
      expect(second?.validationLoss).not.toBe(untrained?.validationLoss);
      expect(Math.max(...(results[2]?.examples.camLevels ?? []))).toBe(255);
    });

    it('ends with the same bits wherever it is paused, evaluation included', async () => {
      const engine = getEngine();
      const whole = resultsOf(await trainTiny(engine, makeTinyJob({ epochs: 1 }))).map(
        withoutTimes,
      );
      let pauses = 0;
      for (;;) {
        const before = await trainTiny(engine, makeTinyJob({ epochs: 1 }), {
          pauseAfter: pauses + 1,
        });
        const last = before.at(-1);
        if (last?.type !== 'paused') break;
        pauses += isPausedEverywhere ? 1 : 3;
        const after = await trainTiny(engine, makeTinyJob({ epochs: 1 }, last.checkpoint));
        expect([...resultsOf(before), ...resultsOf(after)].map(withoutTimes)).toEqual(whole);
      }
      // Two epochs of at least three batches to evaluate, one with three steps.
      expect(pauses).toBeGreaterThanOrEqual(2 * 3 + 3);
    });

    it('gives the same bits however many steps a call of the engine takes', async () => {
      const job = makeTinyJob({ epochs: 1, batchSize: 5 });
      const [one, many] = [0, 1e6].map((callMs) => trainTiny(getEngine(), job, { callMs }));
      const results = resultsOf((await one) ?? []).map(withoutTimes);
      expect(results).toHaveLength(2);
      expect(resultsOf((await many) ?? []).map(withoutTimes)).toEqual(results);
    });

    it('ends with the same bits when it is paused in a projection, in what follows and behind', async () => {
      const engine = getEngine();
      const job = {
        ...{ model: 'protopnet', prototypesPerClass: 1, prototypeChannels: 3, epochs: 1 },
        ...{ objective: 'none', lastLayerIterations: 3 },
      };
      const whole = resultsOf(await trainTiny(engine, makeTinyJob(job))).map(withoutTimes);
      const isThrough: boolean[] = [];
      const parameters: unknown[] = [];
      for (const pauseAfter of [8, 11, 13]) {
        const before = await trainTiny(engine, makeTinyJob(job), { pauseAfter });
        const last = before.at(-1);
        if (last?.type !== 'paused') throw new Error('was not paused');
        const { metadata, tensors } = decodeSafetensors(last.checkpoint, 'the checkpoint');
        parameters.push(tensors['state/0']?.values);
        const progress = JSON.parse(metadata['progress'] ?? '') as Record<string, number>;
        expect(progress).toMatchObject({ epoch: 1, step: 3 });
        isThrough.push('adjustmentMs' in progress);
        const after = await trainTiny(engine, makeTinyJob(job, last.checkpoint));
        expect([...resultsOf(before), ...resultsOf(after)].map(withoutTimes)).toEqual(whole);
      }
      expect(isThrough).toEqual([false, false, true]);
      // What was projected is taken back until all is through.
      const [projecting, optimizing, evaluating] = parameters;
      expect(optimizing).toEqual(projecting);
      expect(evaluating).not.toEqual(projecting);
    });

    it('ends with the same bits however often it is paused', async () => {
      const engine = getEngine();
      const whole = resultsOf(await trainTiny(engine, makeTinyJob())).map(withoutTimes);
      for (const pauseAfter of isPausedEverywhere ? [6, 7, 9] : [7]) {
        const pieces: EpochResult[] = [];
        let checkpoint: Uint8Array | null = null;
        for (;;) {
          const events = await trainTiny(engine, makeTinyJob({}, checkpoint), { pauseAfter });
          pieces.push(...resultsOf(events));
          const last = events.at(-1);
          if (last?.type !== 'paused') break;
          checkpoint = last.checkpoint;
        }
        expect(pieces.map(withoutTimes)).toEqual(whole);
      }
    });

    it.each([
      { schedule: 'plateau', scheduleEpochs: 1, patience: 6, learningRate: 0.5 },
      { schedule: 'step', scheduleEpochs: 2, patience: null, learningRate: 0.03 },
      { schedule: 'cosine', patience: null, learningRate: 0.03 },
      // Steps too far to learn, and so stops when its patience is over.
      { schedule: 'constant', patience: 2, learningRate: 0.5 },
    ] as const)(
      'remembers over a pause what a $schedule rate and patience go by',
      async (config) => {
        const engine = getEngine();
        const job = { ...config, epochs: 7, batchSize: 12 };
        const whole = await trainTiny(engine, makeTinyJob(job));
        const results = resultsOf(whole).map(withoutTimes);
        const rates = new Set(resultsOf(whole).map(({ metrics }) => metrics.learningRate));
        // Null before training, the first rate, and what the schedule made of it.
        expect(rates.size > 2).toBe(config.schedule !== 'constant');
        expect(results.length < 8).toBe(config.schedule === 'constant');
        for (const pauseAfter of isPausedEverywhere ? [19, 31] : [19]) {
          const before = await trainTiny(engine, makeTinyJob(job), { pauseAfter });
          const last = before.at(-1);
          if (last?.type !== 'paused') continue;
          const after = await trainTiny(engine, makeTinyJob(job, last.checkpoint));
          expect([...resultsOf(before), ...resultsOf(after)].map(withoutTimes)).toEqual(results);
          expect(after.at(-1)).toEqual(whole.at(-1));
        }
      },
    );

    it.each(['adam', 'rmsprop', 'sgd'] as const)('learns with %s', async (optimizer) => {
      const learningRate = optimizer === 'sgd' ? 0.02 : 0.002;
      const job = makeTinyJob({
        paradigm: 'C',
        optimizer,
        learningRate,
        epochs: 6,
        patience: null,
      });
      const results = resultsOf(await trainTiny(getEngine(), job));
      const [before, after] = [results[0], results.at(-1)].map((r) => r?.metrics.validationLoss);
      expect(after).toBeLessThan((before ?? 0) * 0.7);
    });

    it('stops early when validation has not improved for `patience` epochs', async () => {
      const job = makeTinyJob({
        learningRate: 1e-12,
        optimizer: 'sgd',
        epochs: 30,
        patience: 1,
        dropout: 0,
      });
      const events = await trainTiny(getEngine(), job);
      expect(events.at(-1)).toEqual({ type: 'completed', reason: 'earlyStopping' });
      expect(resultsOf(events).length).toBeLessThan(30);
    });

    it.each(['conv1', 'relu1', 'conv2', 'relu2', 'conv3'] as const)(
      'trains on maps of %s, through alpha as well',
      async (targetLayer) => {
        const job = makeTinyJob({ targetLayer, camGradient: 'full', epochs: 1 });
        const [, trained] = resultsOf(await trainTiny(getEngine(), job));
        expect(trained?.metrics.terms.train.contrastive).toBeGreaterThan(0);
        expect(trained?.examples.mapSize).toBe(8 / 2 ** (Number(targetLayer.at(-1)) - 1));
      },
    );

    it('reports a loss that is not finite with step, last values and advice', async () => {
      const dataset = { ...makeTinyDataset(), standardDeviation: 0 };
      const job = makeTinyJob({ paradigm: 'C' });
      await expect(trainTiny(getEngine(), job, { dataset })).rejects.toMatchObject({
        code: 'NOT_FINITE',
        // TensorFlow's ReLU makes 0 of a NaN: there only the weights show what came in.
        message: expect.stringMatching(
          /loss became NaN.*epoch \d+, step \d+: (cross-entropy is|the step left weights that are) not finite/,
        ) as string,
        remedy: expect.stringContaining('learningRate') as string,
      });
    });

    it('says that it compiles before it does, and then how long it took, once in a process', async () => {
      const job = makeTinyJob({ epochs: 2 });
      const phasesOf = (events: TrainerEvent[]): string[] =>
        events.flatMap((event) => (event.type === 'progress' ? [event.progress.phase] : []));
      const msOf = (events: TrainerEvent[]): (number | undefined)[] =>
        events.flatMap((event) =>
          event.type === 'progress' ? [event.progress.compilationMs] : [],
        );
      const compiled = await trainTiny({ ...getEngine(), fullCalls: true }, job);
      const phases = phasesOf(compiled);
      expect(phases.filter((phase) => phase === 'compilation')).toHaveLength(1);
      const first = phases.indexOf('compilation');
      expect(phases[first + 1]).toBe('training');
      const ms = msOf(compiled);
      expect(ms.slice(0, first + 1).every((value) => value === undefined)).toBe(true);
      expect(new Set(ms.slice(first + 1)).size).toBe(1);
      expect(ms.at(-1)).toBeGreaterThan(0);

      const uncompiled = await trainTiny({ ...getEngine(), fullCalls: false }, job);
      expect(phasesOf(uncompiled)).not.toContain('compilation');
      expect(new Set(msOf(uncompiled))).toEqual(new Set([undefined]));
    });

    it('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      await trainTiny(getEngine(), makeTinyJob({ epochs: 1 }));
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
