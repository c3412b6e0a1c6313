import { rmSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import type { StartTrainer, TrainerListeners } from '../../../src/main/training/trainerHost.ts';
import { LiveProgress } from '../../../src/main/training/liveProgress.ts';
import { Training } from '../../../src/main/training/training.ts';
import { Follower } from '../../../src/main/workbench/follower.ts';
import { makeTinyJob } from '../../support/tinyRun.ts';
import { presets } from '../../../src/core/config/presets.ts';
import { parseFigureSpec } from '../../../src/core/figures/spec.ts';
import { engine, makeEpoch, newRun, openTestHistory } from '../store/fixtures.ts';

/** A process with a history: what it tells, and its trainers, which say what the test says. */
function makeProcess(dataDir?: string) {
  const history = openTestHistory(dataDir);
  const folder = history.info().dataDir;
  const events: WorkbenchEvent[] = [];
  const trainers = new Map<string, TrainerListeners>();
  const startTrainer: StartTrainer = (_, listeners) => ({
    send: (command) => {
      if (command.type === 'start') trainers.set(command.job.runId, listeners);
      else {
        listeners.event({ type: 'paused', checkpoint: new Uint8Array([1]) });
        listeners.exit('exit code 0');
      }
    },
    kill: () => undefined,
  });
  const live = new LiveProgress(folder, history.owners);
  const training = new Training({
    history,
    jobs: 1,
    startTrainer,
    prepare: (runId) => Promise.resolve({ job: { ...makeTinyJob(), runId }, environment: {} }),
    publish: (event) => {
      live.note(event);
    },
  });
  const follower = new Follower({
    history,
    training,
    live,
    publish: (event) => events.push(event),
  });
  onTestFinished(() => {
    follower.close();
  });
  /** What it has told since the last time. */
  const hear = (): WorkbenchEvent[] => {
    follower.look();
    return events.splice(0);
  };
  const trainerOf = (runId: string) => vi.waitUntil(() => trainers.get(runId));
  return { history, folder, training, live, hear, trainerOf };
}

function makeTwo() {
  const here = makeProcess();
  const there = makeProcess(here.folder);
  const runIds = ['a', 'b', 'c'].map((name) => there.history.runs.insert(newRun({ name })).id);
  const [a = '', b = '', c = ''] = runIds;
  return { here, there, a, b, c };
}

const place = { phase: 'training', epoch: 1, epochs: 2, step: 2, steps: 4 } as const;
const progress = { ...place, loss: 1, terms: {}, accuracy: 0.5, imagesPerSecond: 100 };

it('tells of runs, epochs and their end, and of nothing while nobody else stores anything', async () => {
  const { here, there, a, b, c } = makeTwo();
  expect(here.hear().map((event) => (event.type === 'run' ? event.run.id : event))).toEqual([
    ...[a, b, c],
    { type: 'queue', runIds: [a, b, c] },
  ]);
  there.training.submit([a]);
  const trainer = await there.trainerOf(a);
  trainer.event({ type: 'started', engine, environment: {} });
  trainer.event({ type: 'epoch', result: makeEpoch(0) });
  trainer.event({ type: 'epoch', result: makeEpoch(1) });
  const heard = here.hear();
  expect(heard.flatMap((event) => (event.type === 'epoch' ? event.metrics.epoch : []))).toEqual([
    0, 1,
  ]);
  expect(heard).toContainEqual({ type: 'queue', runIds: [b, c] });
  expect(heard.findLast((event) => event.type === 'run')?.run).toMatchObject({
    ...{ id: a, status: 'running', bestEpoch: 1 },
  });
  expect(here.hear()).toEqual([]);
  here.history.runs.rename(b, 'my own doing');
  expect(here.hear()).toEqual([]);
});

it('tells how far the trainers of others are, with the losses of their steps', async () => {
  const { here, there, a } = makeTwo();
  there.training.submit([a]);
  const trainer = await there.trainerOf(a);
  const losses = [
    { step: 1, steps: 1, loss: 3 },
    { step: 2, steps: 1, loss: 2 },
  ];
  trainer.event({ type: 'progress', progress, losses });
  const told = here.hear().filter(({ type }) => type === 'progress');
  expect(told).toEqual([
    {
      ...{ type: 'progress', runId: a, progress, remainingMs: expect.any(Number) as number },
      stepLosses: { steps: [1, 2], losses: [3, 2] },
    },
  ]);
  expect(here.hear()).toEqual([]);
});

it('has the process that owns a run pause, stop and start it, and keep the order of the queue', async () => {
  const { here, there, a, b, c } = makeTwo();
  there.training.submit([a, b, c]);
  await there.trainerOf(a);
  here.training.reorder([c, b]);
  there.hear();
  here.training.pause(a);
  expect(here.history.runs.getSummary(a).status).toBe('running');
  there.hear();
  await vi.waitUntil(() => here.history.runs.getSummary(a).status === 'paused');
  // The next in the order that was given.
  await there.trainerOf(c);
  here.training.resume(b);
  there.hear();
  await there.trainerOf(b);
  await here.training.stop(c);
  there.hear();
  await vi.waitUntil(() => here.history.runs.getSummary(c).status === 'stopped');
  const told = here.hear().flatMap((event) => (event.type === 'run' ? event.run : []));
  expect(new Map(told.map(({ id, status }) => [id, status]))).toEqual(
    new Map([
      [a, 'paused'],
      [c, 'stopped'],
      [b, 'running'],
    ]),
  );
});

it('does not train what somebody puts into the bin, and does once it is out again', async () => {
  const { here, there, a, b } = makeTwo();
  there.training.submit([a, b]);
  const trainer = await there.trainerOf(a);
  here.history.runs.delete([b]);
  there.hear();
  trainer.event({ type: 'completed', reason: 'allEpochs' });
  trainer.exit('exit code 0');
  await there.training.idle;
  expect(here.history.runs.getSummary(b).status).toBe('queued');
  here.history.runs.restore([b]);
  there.hear();
  await there.trainerOf(b);
  expect(here.history.runs.getSummary(b).status).toBe('running');
});

it('tells that images are marked, marked otherwise and no more', () => {
  const { here, there } = makeTwo();
  here.hear();
  for (const change of [{ add: ['odd'] }, { add: ['thin'] }, { remove: ['odd', 'thin'] }]) {
    there.history.exampleMarks.change('a set', { exampleId: 3, ...change });
    expect(here.hear()).toEqual([{ type: 'marks', datasetId: null }]);
  }
  expect(here.hear()).toEqual([]);
});

it('tells that runs are gone, and of data sets and figures', async () => {
  const { here, there, a } = makeTwo();
  here.hear();
  there.history.runs.delete([a]);
  expect(here.hear()).toMatchObject([{ type: 'run', run: { id: a } }, { type: 'queue' }]);
  const spec = parseFigureSpec({ template: 'cam-pair', run: a, example: 4 });
  await there.history.purge([a]);
  expect(here.hear()).toEqual([{ type: 'purged', runId: a }]);
  there.history.figures.insert('a figure', spec);
  expect(here.hear()).toEqual([{ type: 'figures' }]);
  there.history.studies.insert({
    ...{ name: 'seeds', question: '', factors: [], seeds: [1, 2] },
    bases: [{ name: 'C', config: presets['mnist-c'] }],
  });
  expect(here.hear()).toEqual([{ type: 'studies' }]);
});

it('has everything loaded again where too much happened', () => {
  const { here, there, a } = makeTwo();
  here.hear();
  there.history.transaction(() => {
    for (let i = 0; i < 4200; i += 1) there.history.runs.rename(a, `name ${i}`);
  });
  expect(here.hear()).toEqual([{ type: 'reset' }]);
  there.history.runs.rename(a, 'the last');
  expect(here.hear()).toMatchObject([{ type: 'run', run: { name: 'the last' } }]);
});

it('sees that a process is gone, with its runs interrupted', async () => {
  const { here, there, a } = makeTwo();
  there.training.submit([a]);
  await there.trainerOf(a);
  here.hear();
  there.history.close();
  const heard = Array.from({ length: 10 }, () => here.hear()).flat();
  expect(heard).toMatchObject([{ type: 'run', run: { id: a, status: 'interrupted' } }]);
});

it('needs no place to tell how far it is', async () => {
  const { here, there, a } = makeTwo();
  rmSync(`${here.folder}/live`, { recursive: true, force: true });
  there.training.submit([a]);
  (await there.trainerOf(a)).event({ type: 'progress', progress });
  expect(here.hear().filter(({ type }) => type === 'progress')).toHaveLength(1);
});
