import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TrainerEvent, TrainerProgress } from '../../../src/shared/trainerEvents.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { makeTinyJob, trainTiny } from '../../support/tinyRun.ts';
import { resultsOf } from '../../support/trainerSuite.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

/** Puts a clock in the place of this process's, which only moves when it is told to. */
function stopClock(): (ms: number) => void {
  let now = 1000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => {
    clock.mockRestore();
  });
  return (ms) => {
    now += ms;
  };
}

interface Wrapping {
  /** Called ahead of whatever a program is asked for. */
  before?: () => void;
  /** What takes the place of a function's first output. */
  change?: (name: string, values: Float32Array) => Float32Array;
}

/** The engine, with something around its programs' functions. */
const wrapEngine = ({
  before = () => undefined,
  change = (_, values) => values,
}: Wrapping): Engine => ({
  ...engine,
  load: (functions, sizes) => {
    const program = engine.load(functions, sizes);
    return {
      readState: () => program.readState(),
      writeState: (state) => {
        program.writeState(state);
      },
      close: () => {
        program.close();
      },
      run: (name, inputs) => {
        before();
        const [first, ...others] = program.run(name, inputs) as [tf.Tensor, ...tf.Tensor[]];
        const changed = change(name, first.dataSync<'float32'>());
        return [tf.tensor(changed, first.shape), ...others];
      },
      repeat: (name, ...given) => {
        before();
        return change(name, program.repeat(name, ...given));
      },
    };
  },
});

/** The engine, on which what a program is asked for takes 10 ms a time, and its loading a second. */
function slowDown(advance: (ms: number) => void): Engine {
  const slow = wrapEngine({
    before: () => {
      advance(10);
    },
  });
  const load: Engine['load'] = (functions, sizes) => {
    advance(1000);
    return slow.load(functions, sizes);
  };
  return { ...slow, load };
}

const timesOf = (events: TrainerEvent[]): number[][] =>
  resultsOf(events).map(({ metrics }) => [metrics.durationMs, metrics.evaluationMs]);

describe('an epoch’s time', () => {
  // 24 images by 8, 6 to validate and 12 to test, in a batch each.
  const job = { epochs: 1, patience: null } as const;

  it('is that of its steps and its evaluation', async () => {
    const events = await trainTiny(slowDown(stopClock()), makeTinyJob(job));
    const [untrained = [], ...trained] = timesOf(events);
    expect(untrained[0]).toBe(untrained[1]);
    for (const [durationMs = 0, evaluationMs = 0] of trained) {
      expect(durationMs - evaluationMs).toBe(3 * 10);
      // Validation and predictions, and maps for labels where a prediction was wrong.
      expect([20, 30]).toContain(evaluationMs);
    }
    const speeds = resultsOf(events).map(({ metrics }) => metrics.imagesPerSecond);
    expect(speeds).toEqual([null, 800]);
  });

  it('goes on over a pause where it was, wherever that came, and does not count the pause', async () => {
    const advance = stopClock();
    const slow = slowDown(advance);
    const whole = timesOf(await trainTiny(slow, makeTinyJob(job)));
    let pauses = 0;
    for (let pauseAfter = 1; ; pauseAfter += 1) {
      const before = await trainTiny(slow, makeTinyJob(job), { pauseAfter });
      const last = before.at(-1);
      if (last?.type !== 'paused') break;
      pauses += 1;
      advance(3_600_000);
      const after = await trainTiny(slow, makeTinyJob(job, last.checkpoint));
      expect([...timesOf(before), ...timesOf(after)]).toEqual(whole);
    }
    expect(pauses).toBeGreaterThanOrEqual(2 * 3 + 3);
  });
});

describe('what a trainer tells', () => {
  it('is a checkpoint between steps, as often as it is asked for', async () => {
    const slow = slowDown(stopClock());
    const job = { ...makeTinyJob({ epochs: 1 }), checkpointIntervalMs: 20 };
    const events = await trainTiny(slow, job);
    const checkpoints = events.filter((event) => event.type === 'checkpoint');
    // Of three steps of 10 ms each: after the second.
    expect(checkpoints.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 2]]);
    const resumed = await trainTiny(slow, {
      ...job,
      checkpoint: checkpoints[0]?.checkpoint ?? null,
    });
    const [last] = resultsOf(events).slice(-1);
    expect(resultsOf(resumed)).toEqual([last]);
  });

  it('is how far it has come, at the end of each phase and now and then within it', async () => {
    const advance = stopClock();
    const events = await trainTiny(slowDown(advance), makeTinyJob({ epochs: 1 }));
    const told = events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
    const ends = told.map(({ phase, epoch, step, steps }) => [phase, epoch, step, steps]);
    const distinct = [...new Set(ends.map(String))];
    // The clock stays within the 200 ms between two reports, so that only ends are told.
    expect(distinct).toEqual([
      'validation,0,1,1',
      'evaluation,0,1,1',
      'training,1,3,3',
      'validation,1,1,1',
      'evaluation,1,1,1',
    ]);
    const training = told.find(({ phase }) => phase === 'training') as TrainerProgress;
    const [, trained] = resultsOf(events);
    expect(training).toMatchObject({
      epochs: 1,
      loss: trained?.metrics.trainLoss,
      accuracy: trained?.metrics.trainAccuracy,
      imagesPerSecond: 800,
    });
  });
});

describe('a trainer', () => {
  it('stops after as many epochs without a better validation as its patience, and no fewer', async () => {
    // As good as the first epoch, which so stays the best.
    const frozen = wrapEngine({
      change: (name, values) =>
        name === 'validate' ? Float32Array.of(1, ...values.slice(1)) : values,
    });
    for (const patience of [1, 3]) {
      const events = await trainTiny(frozen, makeTinyJob({ patience, epochs: 9 }));
      const results = resultsOf(events);
      const losses = results.map(({ metrics }) => metrics.validationLoss);
      const trained = losses.slice(1);
      const best = trained.indexOf(Math.min(...trained));
      expect(trained.length - 1 - best).toBe(patience);
      expect(events.at(-1)).toEqual({ type: 'completed', reason: 'earlyStopping' });
    }
  });

  it.each([
    [
      'train',
      /^The loss became NaN .* in epoch 1, step 1: cross-entropy and contrastive term are not finite; no step came before it/,
    ],
    [
      'validate',
      /^The validation loss became NaN .* at the end of epoch 0, step 0: .* not finite; no step/,
    ],
  ] as const)(
    'ends where what it gets to %s is not finite, naming the place',
    async (what, words) => {
      const broken = wrapEngine({
        change: (name, values) => (name === what ? values.map(() => Number.NaN) : values),
      });
      await expect(trainTiny(broken, makeTinyJob())).rejects.toMatchObject({
        code: 'NOT_FINITE',
        message: expect.stringMatching(words) as string,
      });
    },
  );

  it('goes on from any epoch with the rates and the end that it would have had', async () => {
    // Of the untrained network, then of each epoch: two rates are cut, and then there are four in a row
    // that are no better than the fourth.
    const losses = [9, 5, 6, 6, 4, 5, 5, 5, 5, 3];
    const rates = [null, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2];
    const plateau = { schedule: 'plateau', scheduleEpochs: 2, scheduleFactor: 0.5 } as const;
    const job = { ...plateau, learningRate: 0.8, patience: 4, epochs: 20, batchSize: 24 };
    /** Trains on from an epoch, with these losses in the place of its own. */
    const train = (epoch: number, checkpoint: Uint8Array | null): Promise<TrainerEvent[]> => {
      const left = losses.slice(epoch).values();
      const scripted = wrapEngine({
        change: (name, values) =>
          name === 'validate'
            ? Float32Array.of(left.next().value ?? NaN, ...values.slice(1))
            : values,
      });
      return trainTiny(scripted, makeTinyJob(job, checkpoint));
    };
    const ratesOf = (events: TrainerEvent[]): (number | null)[] =>
      resultsOf(events).map(({ metrics }) => metrics.learningRate);
    const whole = await train(0, null);
    expect(ratesOf(whole)).toEqual(rates);
    expect(whole.at(-1)).toEqual({ type: 'completed', reason: 'earlyStopping' });
    for (const [epoch, { checkpoint }] of resultsOf(whole).entries()) {
      const after = await train(epoch + 1, checkpoint);
      expect(ratesOf(after)).toEqual(rates.slice(epoch + 1));
      expect(after.at(-1)).toEqual(whole.at(-1));
    }
  });
});
