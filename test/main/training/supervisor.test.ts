import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { superviseRun } from '../../../src/main/training/supervisor.ts';
import type { StartTrainer, TrainerListeners } from '../../../src/main/training/trainerHost.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import type { RunError } from '../../../src/core/records.ts';
import type {
  TrainerCommand,
  TrainerEvent,
  TrainerProgress,
} from '../../../src/shared/trainerEvents.ts';
import { engine, makeEpoch } from '../store/fixtures.ts';
import { makeTinyJob } from '../../support/tinyRun.ts';

const started: TrainerEvent = { type: 'started', engine, environment: {} };
const epoch = (number: number): TrainerEvent => ({ type: 'epoch', result: makeEpoch(number) });
const completed: TrainerEvent = { type: 'completed', reason: 'allEpochs' };
const progress: TrainerProgress = {
  phase: 'training',
  epoch: 2,
  epochs: 3,
  step: 5,
  steps: 9,
  loss: 1,
  terms: { crossEntropy: 1 },
  accuracy: 0.5,
  imagesPerSecond: 100,
};

/** A supervised run whose trainer says what the test says. */
function supervise(record: (event: TrainerEvent) => void = () => undefined) {
  const recorded: TrainerEvent[] = [];
  const errors: RunError[] = [];
  const commands: TrainerCommand[] = [];
  let trainer: TrainerListeners | undefined;
  let environment: Record<string, string> = {};
  let kills = 0;
  const startTrainer: StartTrainer = (given, listeners) => {
    [environment, trainer] = [given, listeners];
    return {
      send: (command) => commands.push(command),
      kill: () => {
        kills += 1;
      },
    };
  };
  const job = makeTinyJob();
  const run = superviseRun({
    job,
    environment: { THREADS: '2' },
    startTrainer,
    record: (event) => {
      record(event);
      recorded.push(event);
    },
    fail: (error) => errors.push(error),
  });
  let done = false;
  void run.done.then(() => {
    done = true;
  });
  if (trainer === undefined) throw new Error('no trainer was started');
  return {
    ...{ job, run, trainer, environment, recorded, errors, commands },
    kills: () => kills,
    isDone: async () => {
      await nextTurn();
      return done;
    },
  };
}

describe('a supervised run', () => {
  it('is started with its job and environment, and asked to pause', () => {
    const { run, job, environment, commands } = supervise();
    expect(environment).toEqual({ THREADS: '2' });
    expect(commands).toEqual([{ type: 'start', job }]);
    run.pause();
    expect(commands.slice(1)).toEqual([{ type: 'pause' }]);
  });

  it('has its events stored in order, and is done only when its trainer is gone', async () => {
    const { trainer, recorded, errors, isDone, kills } = supervise();
    const events = [started, epoch(0), epoch(1), completed];
    for (const event of events) trainer.event(event);
    expect(await isDone()).toBe(false);
    trainer.exit('exit code 0');
    expect(await isDone()).toBe(true);
    expect(recorded).toEqual(events);
    expect({ errors, kills: kills() }).toEqual({ errors: [], kills: 0 });
  });

  it('ends with what its trainer says is wrong, and the log', () => {
    const { trainer, recorded, errors, kills } = supervise();
    trainer.event(started);
    trainer.line('loading');
    trainer.event({ type: 'failed', code: 'NOT_FINITE', message: 'm', remedy: 'r' });
    trainer.event(epoch(0));
    trainer.exit('exit code 0');
    expect(errors).toEqual([{ code: 'NOT_FINITE', message: 'm', remedy: 'r', log: ['loading'] }]);
    expect(recorded).toEqual([started]);
    expect(kills()).toBe(1);
  });

  it('takes a code that it does not know for an internal one', () => {
    const { trainer, errors } = supervise();
    trainer.event({ type: 'failed', code: 'WHATEVER', message: 'm', remedy: 'r' });
    expect(errors).toMatchObject([{ code: 'INTERNAL', message: 'm' }]);
  });

  it('ends at once where an event cannot be stored, and stores nothing after it', async () => {
    const { trainer, recorded, errors, kills, isDone } = supervise((event) => {
      if (event.type === 'epoch')
        throw new AfterimageError('CONFLICT', 'other numbers', 'start anew');
    });
    for (const event of [started, epoch(0), epoch(1), completed]) trainer.event(event);
    expect(recorded).toEqual([started]);
    expect(errors).toEqual([
      { code: 'CONFLICT', message: 'other numbers', remedy: 'start anew', log: [] },
    ]);
    expect(kills()).toBe(1);
    expect(await isDone()).toBe(false);
    trainer.exit('signal SIGKILL');
    expect(await isDone()).toBe(true);
    expect(errors).toHaveLength(1);
  });

  it.each(['DISK_FULL', 'LOCKED', 'READ_ONLY'] as const)(
    'says how to go on after what passes: %s',
    (code) => {
      const { trainer, errors } = supervise(() => {
        throw new AfterimageError(code, 'It was not stored.', 'Free some space.');
      });
      trainer.event(started);
      expect(errors).toMatchObject([
        { code, remedy: expect.stringMatching(/^Free some space\. .*resume/) as string },
      ]);
    },
  );

  it('keeps an unforeseen error of the store as an internal one', () => {
    const { trainer, errors } = supervise(() => {
      throw new TypeError('x is not a function');
    });
    trainer.event(started);
    expect(errors).toMatchObject([{ code: 'INTERNAL', message: 'x is not a function' }]);
  });
});

describe('a trainer that ends without a word', () => {
  it('is named with the place it had come to, its end and its last lines', () => {
    const { trainer, errors } = supervise();
    trainer.event(started);
    for (let i = 1; i <= 50; i += 1) trainer.line(`line ${i}`);
    trainer.event({ type: 'progress', progress });
    trainer.exit('signal SIGKILL');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      code: 'TRAINER_DIED',
      message: 'The trainer ended without a word in epoch 2, training step 5 of 9: signal SIGKILL.',
      remedy: expect.stringMatching(/Resume the run.*memory/) as string,
    });
    expect(errors[0]?.log).toEqual(Array.from({ length: 40 }, (_, i) => `line ${i + 11}`));
  });

  it('is told with what its GPU said before, where that took it along', () => {
    const { trainer, errors } = supervise();
    trainer.event(started);
    trainer.event({ type: 'progress', progress });
    const line = 'E0 gpu_event_mgr.cc:67] Error polling for event status: CUDA_ERROR_LAUNCH_FAILED';
    for (const text of ['engine native (gpu, threads: 8)', line, 'Aborted']) trainer.line(text);
    trainer.exit('signal SIGABRT');
    expect(errors).toMatchObject([
      {
        code: 'TRAINER_DIED',
        message: `The GPU ended the trainer in epoch 2, training step 5 of 9: ${line}`,
        remedy: expect.stringMatching(/nvidia-smi.*Resume the run/) as string,
      },
    ]);
  });

  it('is told apart from one that never began', () => {
    const { trainer, errors } = supervise();
    trainer.exit('exit code 3');
    expect(errors).toEqual([
      {
        code: 'TRAINER_DIED',
        message: 'The trainer ended without a word before its first step: exit code 3.',
        remedy: 'Resume the run; it goes on from its last checkpoint.',
        log: [],
      },
    ]);
  });

  it.each<TrainerEvent>([{ type: 'paused', checkpoint: new Uint8Array(1) }, completed])(
    'is no failure after its last word: $type',
    (last) => {
      const { trainer, errors } = supervise();
      trainer.event(last);
      trainer.exit('signal SIGSEGV');
      expect(errors).toEqual([]);
    },
  );
});
