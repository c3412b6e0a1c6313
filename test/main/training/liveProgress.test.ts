import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { RunStatus } from '../../../src/core/records.ts';
import { LiveProgress, liveFolder } from '../../../src/main/training/liveProgress.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import { newRun, openTestHistory } from '../store/fixtures.ts';

type Progress = Extract<WorkbenchEvent, { type: 'progress' }>;

const place = { phase: 'training', epoch: 1, epochs: 2, step: 2, steps: 4 } as const;
const progress = { ...place, loss: 1, terms: {}, accuracy: 0.5, imagesPerSecond: 100 };
const progressOf = (runId: string, change: Partial<Progress['progress']> = {}): Progress => ({
  ...{ type: 'progress', runId, remainingMs: null },
  progress: { ...progress, ...change },
});
const stepLosses = { steps: [1, 2], losses: [3, 2] };

/** A process that trains runs and one that asks how far they are, at a time that the test sets. */
function makeTwo() {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => {
    clock.mockRestore();
  });
  const history = openTestHistory();
  const { dataDir } = history.info();
  const trainer = openTestHistory(dataDir);
  const insert = (name: string): string => history.runs.insert(newRun({ name })).id;
  const train = (name: string): string => {
    const id = insert(name);
    trainer.owners.claim(id);
    trainer.runs.setStatus(id, 'running');
    return id;
  };
  const [there, here] = [trainer, history].map(({ owners }) => new LiveProgress(dataDir, owners));
  if (there === undefined || here === undefined) throw new Error('there are two');
  const end = (runId: string, status: RunStatus): void => {
    there.note({ type: 'run', run: { ...trainer.runs.getSummary(runId), status } });
  };
  /** Far enough from what was written before for its file to have another time. */
  const wait = async (ms: number): Promise<void> => {
    now += ms;
    await delay(20);
  };
  const folder = liveFolder(dataDir);
  const path = join(folder, trainer.owners.lockName);
  return { dataDir, history, trainer, folder, path, there, here, insert, train, end, wait };
}

it('is told once a second at most, and each time once', async () => {
  const { there, here, train, wait } = makeTwo();
  const run = train('a');
  there.note(progressOf(run, { step: 1 }));
  expect(here.readNews()).toEqual([progressOf(run, { step: 1 })]);
  expect(here.readNews()).toEqual([]);
  await wait(999);
  there.note(progressOf(run, { step: 2 }));
  expect(here.readNews()).toEqual([]);
  await wait(1);
  there.note(progressOf(run, { step: 3 }));
  expect(here.readNews()).toEqual([progressOf(run, { step: 3 })]);
  await wait(999);
  there.note(progressOf(run, { step: 4 }));
  expect(here.readNews()).toEqual([]);
});

it('has the curve of its epoch, also where an event brings none', async () => {
  const { there, here, train, wait } = makeTwo();
  const run = train('a');
  there.note({ ...progressOf(run), stepLosses });
  await wait(1000);
  there.note(progressOf(run, { step: 3 }));
  expect(here.readNews()).toEqual([{ ...progressOf(run, { step: 3 }), stepLosses }]);
  await wait(1000);
  there.note(progressOf(run, { epoch: 2, step: 0 }));
  expect(here.readNews()).toEqual([progressOf(run, { epoch: 2, step: 0 })]);
});

it('is told of all that a process trains, and of nothing else', async () => {
  const { path, there, here, insert, train, wait } = makeTwo();
  const [a, b, waiting] = [train('a'), train('b'), insert('waiting')];
  there.note(progressOf(a));
  expect(here.readNews()).toEqual([progressOf(a)]);
  await wait(0);
  const others = [progressOf(waiting), { type: 'purged', runId: a }];
  writeFileSync(path, JSON.stringify([progressOf(b), ...others, progressOf(a)]));
  expect(here.readNews()).toEqual([progressOf(b), progressOf(a)]);
  await wait(0);
  // Where one is no event, nothing of the file is believed.
  writeFileSync(path, JSON.stringify([progressOf(b), { type: 'epoch', runId: a }]));
  expect(here.readNews()).toEqual([]);
  // Nor does a process tell itself.
  expect(there.readNews()).toEqual([]);
});

it('is left out of what is told when a run ends, and with the last of them the file goes', async () => {
  const { path, there, here, train, end, wait } = makeTwo();
  const [a, b] = [train('a'), train('b')];
  there.note(progressOf(a));
  end(a, 'running');
  await wait(1000);
  there.note(progressOf(b));
  expect(here.readNews()).toEqual([progressOf(a), progressOf(b)]);
  end(a, 'paused');
  expect(existsSync(path)).toBe(true);
  await wait(1000);
  there.note(progressOf(b, { step: 3 }));
  expect(here.readNews()).toEqual([progressOf(b, { step: 3 })]);
  end(b, 'completed');
  expect(existsSync(path)).toBe(false);
  // The end of a run that told nothing takes nothing away from those that do.
  await wait(1000);
  there.note(progressOf(a));
  end(b, 'completed');
  expect(existsSync(path)).toBe(true);
  there.close();
  expect(existsSync(path)).toBe(false);
  // Closed twice, it takes away nothing of another's that came meanwhile.
  writeFileSync(path, '[]');
  there.close();
  expect(existsSync(path)).toBe(true);
});

it('removes what processes left that are gone, not what others are writing', () => {
  const { dataDir, history, trainer, folder, there, train } = makeTwo();
  there.note(progressOf(train('a')));
  writeFileSync(join(folder, 'gone'), '[]');
  writeFileSync(join(folder, '.unfinished'), '[');
  new LiveProgress(dataDir, history.owners);
  expect(readdirSync(folder).sort()).toEqual(['.unfinished', trainer.owners.lockName].sort());
});
