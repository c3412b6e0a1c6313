import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, newRun, openTestHistory } from '../store/fixtures.ts';

const script = join(import.meta.dirname, 'takeQueued.ts');

/** What a process says next. */
const hear = async (process: ChildProcess): Promise<unknown> => {
  const [said] = (await once(process, 'message')) as [unknown];
  return said;
};

it.each([1, 2, 3])('two that start at once share the queued runs, time %i', async () => {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  const queued = Array.from(
    { length: 150 },
    (_, k) => history.runs.insert(newRun({ name: `${k}` })).id,
  );
  const processes = [1, 2].map(() => fork(script, [dataDir]));
  await Promise.all(processes.map(hear));
  const when = Date.now() + 50;
  const taken = await Promise.all(
    processes.map((process) => {
      process.send(when);
      return hear(process);
    }),
  );
  for (const process of processes) process.kill();
  expect((taken as string[][]).flat().sort()).toEqual(queued.sort());
});
