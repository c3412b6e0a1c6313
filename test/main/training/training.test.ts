import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { StartTrainer, TrainerListeners } from '../../../src/main/training/trainerHost.ts';
import { Training } from '../../../src/main/training/training.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { numericsVersion } from '../../../src/core/numericsVersion.ts';
import { presets } from '../../../src/core/config/presets.ts';
import type { TrainerEvent } from '../../../src/shared/trainerEvents.ts';
import { engine, errorOf, makeEpoch, newRun, openTestHistory } from '../store/fixtures.ts';
import { withSettings } from '../../support/settings.ts';
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

  const toldOf = (events: WorkbenchEvent[]): string[] =>
    events.splice(0).flatMap((event) => (event.type === 'run' ? event.run.status : []));

  it('starts a queued run that is resumed before its turn, and has a paused one wait for its own', async () => {
    const { training, events, insert, statusOf, trainerOf } = makeTraining();
    const [first, second, third] = ['first', 'second', 'third'].map(insert) as [
      string,
      string,
      string,
    ];
    training.submit([first, second, third]);
    await trainerOf(first);
    toldOf(events);
    training.resume(third);
    await trainerOf(third);
    expect(training.active).toEqual([first, third]);
    expect(toldOf(events)).toEqual(['running']);
    training.pause(second);
    training.resume(second);
    expect(toldOf(events)).toEqual(['paused', 'queued']);
    expect(statusOf(second)).toBe('queued');
    expect(training.active).toEqual([first, third]);
  });

  it('takes what waits, unless another has it', async () => {
    const { training, history, insert, trainerOf } = makeTraining(2);
    const [free, taken, later] = ['free', 'taken', 'later'].map(insert) as [string, string, string];
    const other = openTestHistory(history.info().dataDir);
    other.owners.claim(taken);
    training.submitWaiting();
    expect(training.active).toEqual([free, later]);
    for (const id of [free, later]) {
      await trainerOf(id);
      expect(other.owners.isOwnedElsewhere(id)).toBe(true);
    }
    expect(history.owners.isOwnedElsewhere(taken)).toBe(true);
  });

  it('takes nothing where nothing can be written', () => {
    const { training, history, insert } = makeTraining();
    insert('waiting');
    const unwritten = vi.spyOn(history, 'isReadOnly', 'get').mockReturnValue(true);
    training.submitWaiting();
    unwritten.mockRestore();
    expect(training.active).toEqual([]);
  });

  it('says why a run cannot be resumed, and what to do instead', async () => {
    const { training, history, insert, trainerOf } = makeTraining();
    const [active, done, binned] = ['active', 'done', 'binned'].map(insert) as [
      string,
      string,
      string,
    ];
    history.runs.setStatus(done, 'completed');
    history.runs.setStatus(binned, 'paused');
    history.runs.delete([binned]);
    training.submit([active]);
    await trainerOf(active);
    const refusals = await Promise.all(
      [active, done, binned].map((id) => errorOf(() => training.resume(id))),
    );
    expect(refusals).toMatchObject([
      {
        ...{ code: 'CONFLICT', message: 'Run active is running and cannot be resumed.' },
        remedy: 'It is training already.',
      },
      {
        ...{ code: 'CONFLICT', message: 'Run done is completed and cannot be resumed.' },
        remedy: 'Start a new run with its configuration.',
      },
      { code: 'CONFLICT', message: 'Run binned lies in the bin.', remedy: 'Restore it first.' },
    ]);
    for (const status of ['paused', 'interrupted', 'failed', 'queued'] as const) {
      const id = insert(status);
      history.runs.setStatus(id, status);
      training.checkResumable(id);
    }
  });

  it('stops for good what trains and what waits, once it has ended', async () => {
    const { training, history, events, insert, statusOf, trainerOf } = makeTraining();
    const [first, second] = ['first', 'second'].map(insert) as [string, string];
    training.submit([first, second]);
    const trainer = await trainerOf(first);
    trainer.event({ type: 'started', engine, environment: {} });
    trainer.event({ type: 'epoch', result: makeEpoch(0) });
    toldOf(events);
    await Promise.all([second, first].map((id) => training.stop(id)));
    expect([first, second].map(statusOf)).toEqual(['stopped', 'stopped']);
    expect([first, second].map((id) => history.checkpoints.has(id))).toEqual([false, false]);
    expect(history.runs.get(first).epochs).toHaveLength(1);
    expect(toldOf(events).filter((status) => status === 'stopped')).toHaveLength(2);
    history.runs.setStatus(second, 'completed');
    for (const [id, message] of [
      [first, 'Run first is stopped already.'],
      [second, 'Run second is completed already.'],
    ] as const) {
      expect(await errorOf(() => training.stop(id))).toMatchObject({ code: 'CONFLICT', message });
    }
  });

  it('asks another process to end what that has, and leaves it alone', async () => {
    const { training, history, insert, statusOf } = makeTraining();
    const theirs = insert('theirs');
    const other = openTestHistory(history.info().dataDir);
    other.runs.setStatus(theirs, 'running');
    await training.stop(theirs);
    expect(statusOf(theirs)).toBe('running');
    expect(other.owners.findOwn(theirs)).toMatchObject({ asked: 'stop' });
    training.pause(theirs);
    expect(other.owners.findOwn(theirs)).toMatchObject({ status: 'running', asked: 'pause' });
  });

  it('keeps the order that it is given, and says it', async () => {
    const { training, insert, trainerOf } = makeTraining();
    const [a, b, c] = ['a', 'b', 'c'].map(insert) as [string, string, string];
    training.submit([a, b, c]);
    const trainer = await trainerOf(a);
    expect(training.reorder([c])).toEqual([c, b]);
    trainer.exit('exit code 3');
    await trainerOf(c);
    expect(training.active).toEqual([c]);
  });

  it('heeds no wish of others once it ends, and says where one cannot be met', async () => {
    const { training, history, insert, statusOf, trainerOf } = makeTraining();
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => {
      said.mockRestore();
    });
    const [a, b] = ['a', 'b'].map(insert) as [string, string];
    training.submit([a, b]);
    await trainerOf(a);
    const other = openTestHistory(history.info().dataDir);
    other.owners.ask(a, 'stop');
    const refused = vi.spyOn(history.checkpoints, 'remove').mockImplementation(() => {
      throw new AfterimageError('DISK_FULL', 'The disk is full.', 'Free some space.');
    });
    training.heed([a, 'no such run']);
    await vi.waitUntil(() => said.mock.calls.length > 0);
    refused.mockRestore();
    expect(said.mock.calls).toEqual([
      [`Run ${a} could not be stopped, as another process asked:`, expect.anything()],
    ]);
    await trainerOf(b);
    await training.pauseAll();
    expect(statusOf(b)).toBe('paused');
    other.owners.ask(b, 'stop');
    training.heed([b]);
    expect(history.owners.findOwn(b)?.asked ?? 'stop').toBe('stop');
    expect(statusOf(b)).toBe('paused');
  });
});

describe('a run that is trained further and dies', () => {
  /** An epoch by this version's arithmetic, or what was not kept could not be had again. */
  const makeNow = (epoch: number) => makeEpoch(epoch, { metrics: { numericsVersion } });

  /** A completed run of epochs 0 and 1, which is to go on to 3. */
  function extend(isKept: boolean) {
    const parts = makeTraining();
    const { history, training } = parts;
    const { id } = history.runs.insert(
      newRun({ name: 'done', config: withSettings(presets['mnist-c'], { epochs: 1 }) }),
    );
    for (const epoch of [0, 1]) history.insertEpoch(id, makeNow(epoch));
    history.checkpoints.setKept(id, isKept);
    history.runs.setStatus(id, 'completed');
    history.checkpoints.removeIfSpent(id);
    const before = history.runs.get(id);
    training.resume(id, 3);
    return { ...parts, id, before };
  }
  const again: TrainerEvent = { type: 'epoch', result: makeNow(1) };
  const state: TrainerEvent = {
    ...{ type: 'checkpoint', epoch: 2, step: 1, checkpoint: new Uint8Array([9]) },
  };
  const cases: [what: string, isKept: boolean, words: TrainerEvent[], status: string][] = [
    ['at once', true, [], 'completed'],
    ['at once, its state not kept', false, [], 'completed'],
    ['in the epochs that it had', false, [again, state], 'completed'],
    ['after its state is another', true, [state], 'failed'],
    ['after a new epoch', false, [{ type: 'epoch', result: makeNow(2) }], 'failed'],
  ];

  it.each(cases)('%s (kept: %s)', async (_, isKept, words, status) => {
    const { history, training, events, trainerOf, id, before } = extend(isKept);
    expect(history.runs.getSummary(id).config.training.epochs).toBe(3);
    const trainer = await trainerOf(id);
    for (const word of words) trainer.event(word);
    trainer.exit('exit code 3');
    await training.idle;
    const after = history.runs.get(id);
    expect(after.status).toBe(status);
    expect(after.error).toMatchObject({ code: 'TRAINER_DIED' });
    expect(events.at(-1)).toMatchObject({ type: 'run', run: { id, status } });
    if (status === 'failed') return;
    expect({ ...after, error: null }).toEqual(before);
    expect(after.error?.message).toMatch(/^Run done was not trained further, to 3 epochs: The tr/);
    expect(history.checkpoints.has(id)).toBe(isKept);
  });
});
