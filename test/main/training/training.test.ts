import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { StartTrainer, TrainerListeners } from '../../../src/main/training/trainerHost.ts';
import { Training } from '../../../src/main/training/training.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { engine, makeEpoch, newRun, openTestHistory } from '../store/fixtures.ts';
import { makeTinyJob } from '../../support/tinyRun.ts';

interface FakeTrainer extends TrainerListeners {
  runId: string;
}

/** Training in a history of its own, by trainers that say what the test says, once `ready` lets them. */
function makeTraining(jobs = 1, ready: Promise<unknown> = Promise.resolve()) {
  const history = openTestHistory();
  const events: WorkbenchEvent[] = [];
  const trainers: FakeTrainer[] = [];
  const shared: number[] = [];
  const startTrainer: StartTrainer = (_, listeners) => ({
    send: (command) => {
      if (command.type === 'start') trainers.push({ ...listeners, runId: command.job.runId });
      else {
        listeners.event({ type: 'paused', checkpoint: new Uint8Array([1]) });
        listeners.exit('exit code 0');
      }
    },
    kill: () => {
      listeners.exit('signal SIGKILL');
    },
  });
  const training = new Training({
    history,
    jobs,
    startTrainer,
    prepare: async (runId, sideBySide) => {
      shared.push(sideBySide);
      await ready;
      return { job: { ...makeTinyJob(), runId }, environment: {} };
    },
    publish: (event) => events.push(event),
  });
  const insert = (name: string): string => history.runs.insert(newRun({ name })).id;
  const statusOf = (runId: string): string => history.runs.getSummary(runId).status;
  /** The next trainer that is started for a run. */
  const trainerOf = async (runId: string): Promise<FakeTrainer> => {
    const found = await vi.waitUntil(() => trainers.find((trainer) => trainer.runId === runId));
    trainers.splice(trainers.indexOf(found), 1);
    return found;
  };
  return { history, training, events, shared, insert, statusOf, trainerOf };
}

const codeOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof AfterimageError) return error.code;
  }
  return 'nothing thrown';
};

describe('training', () => {
  it('takes runs from the queue to their end, and tells of it', async () => {
    const { training, events, insert, statusOf, trainerOf } = makeTraining();
    const [first, second] = [insert('first'), insert('second')];
    training.submit([first, second]);
    const trainer = await trainerOf(first);
    trainer.event({ type: 'started', engine, environment: {} });
    trainer.event({ type: 'epoch', result: makeEpoch(0) });
    expect([statusOf(first), statusOf(second)]).toEqual(['running', 'queued']);
    trainer.event({ type: 'completed', reason: 'allEpochs' });
    trainer.exit('exit code 0');
    (await trainerOf(second)).exit('signal SIGABRT');
    await training.idle;
    expect([statusOf(first), statusOf(second)]).toEqual(['completed', 'failed']);
    const told = events.flatMap((event) => (event.type === 'run' ? [event.run.status] : []));
    expect(told).toEqual(['running', 'running', 'running', 'completed', 'running', 'failed']);
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(1);
  });

  it('tells how long is left, by the steps at first and by an epoch once there is one', async () => {
    const { training, events, insert, trainerOf } = makeTraining();
    const run = insert('timed');
    training.submit([run]);
    const trainer = await trainerOf(run);
    trainer.event({ type: 'started', engine, environment: {} });
    trainer.event({ type: 'epoch', result: makeEpoch(0) });
    const means = { loss: 1, terms: { crossEntropy: 1 }, accuracy: 0.5 };
    const place = { phase: 'training', epoch: 1, epochs: 2, step: 0, steps: 100 } as const;
    const progress = { ...place, ...means, imagesPerSecond: 100 };
    trainer.event({ type: 'progress', progress });
    const metrics = { durationMs: 20_000, evaluationMs: 2000 };
    trainer.event({ type: 'epoch', result: makeEpoch(1, { metrics }) });
    trainer.event({ type: 'progress', progress: { ...progress, epoch: 2 } });
    trainer.exit('exit code 3');
    await training.idle;
    const [before, after] = events.flatMap((event) =>
      event.type === 'progress' ? [event.remainingMs] : [],
    );
    // 100 steps of 8 images at 100 images a second, and what evaluation adds, twice; then one epoch.
    expect(before).toBeCloseTo((2 * 8000) / 0.88, 6);
    expect(after).toBe(20_000);
  });

  it('pauses what trains and what waits, and lets both go on', async () => {
    const { training, insert, statusOf, trainerOf } = makeTraining();
    const [first, second] = [insert('first'), insert('second')];
    training.submit([first, second]);
    await trainerOf(first);
    training.pause(second);
    training.pause(first);
    await training.idle;
    expect([statusOf(first), statusOf(second)]).toEqual(['paused', 'paused']);
    training.resume(first);
    (await trainerOf(first)).event({ type: 'completed', reason: 'allEpochs' });
    expect(statusOf(first)).toBe('completed');
    expect(codeOf(() => training.resume(first))).toBe('CONFLICT');
  });

  it('pauses a run that is being prepared before its trainer takes a step, and lets it go on', async () => {
    const data = Promise.withResolvers<undefined>();
    const { training, insert, statusOf, trainerOf } = makeTraining(1, data.promise);
    const run = insert('early');
    training.submit([run]);
    training.pause(run);
    expect(statusOf(run)).toBe('running');
    data.resolve(undefined);
    await training.idle;
    expect(statusOf(run)).toBe('paused');
    await trainerOf(run);
    training.resume(run);
    (await trainerOf(run)).event({ type: 'completed', reason: 'allEpochs' });
    expect(statusOf(run)).toBe('completed');
  });

  it('tells how many runs will share the machine: as many as there are, up to the jobs', async () => {
    const { training, shared, insert, trainerOf } = makeTraining(2);
    const runs = ['a', 'b', 'c'].map(insert);
    training.submit(runs);
    for (const run of runs) (await trainerOf(run)).exit('exit code 3');
    await training.idle;
    const alone = insert('d');
    training.submit([alone]);
    (await trainerOf(alone)).exit('exit code 3');
    expect(shared).toEqual([2, 2, 2, 1]);
  });

  it('does not resume what trains already or lies in the bin', async () => {
    const { training, history, insert, trainerOf } = makeTraining();
    const [active, binned] = [insert('active'), insert('binned')];
    history.runs.setStatus(binned, 'paused');
    history.runs.delete([binned]);
    training.submit([active]);
    await trainerOf(active);
    expect(codeOf(() => training.resume(active))).toBe('CONFLICT');
    expect(codeOf(() => training.resume(binned))).toBe('CONFLICT');
  });

  it('claims all the runs that it is given, or none', () => {
    const { training, history, insert } = makeTraining();
    const [free, taken] = [insert('free'), insert('taken')];
    const other = openTestHistory(history.info().dataDir);
    other.owners.claim(taken);
    expect(codeOf(() => training.submit([free, taken]))).toBe('CONFLICT');
    expect(other.owners.isOwnedElsewhere(free)).toBe(false);
    expect(training.active).toEqual([]);
  });

  it('tells of a failure that cannot be stored, and lets the run go on', async () => {
    const { training, history, events, insert, statusOf, trainerOf } = makeTraining();
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => {
      said.mockRestore();
    });
    const run = insert('cramped');
    training.submit([run]);
    const trainer = await trainerOf(run);
    const full = vi.spyOn(history.runs, 'setStatus').mockImplementation(() => {
      throw new AfterimageError('DISK_FULL', 'The disk is full.', 'Free some space.');
    });
    trainer.exit('signal SIGKILL');
    await training.idle;
    expect(statusOf(run)).toBe('running');
    expect(events.at(-1)).toMatchObject({
      type: 'run',
      run: { status: 'failed', error: { code: 'TRAINER_DIED' } },
    });
    expect(said.mock.calls).toEqual([[expect.stringContaining('The disk is full.')]]);

    full.mockRestore();
    training.resume(run);
    (await trainerOf(run)).event({ type: 'completed', reason: 'allEpochs' });
    expect(statusOf(run)).toBe('completed');
  });
});
