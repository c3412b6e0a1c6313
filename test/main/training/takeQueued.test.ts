import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { makeFolder, newRun, openTestHistory } from '../store/fixtures.ts';

const script = join(import.meta.dirname, 'takeQueued.ts');
const run = promisify(execFile);

it.each([1, 2, 3])('two that start at once share the queued runs, time %i', async () => {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  const queued = Array.from(
    { length: 150 },
    (_, k) => history.runs.insert(newRun({ name: `${k}` })).id,
  );
  const when = String(Date.now() + 2500);
  const ends = await Promise.all(
    [1, 2].map(async () => {
      const { stdout } = await run(process.execPath, [script, dataDir, when]);
      return JSON.parse(stdout) as string[];
    }),
  );
  expect(ends.flat().sort()).toEqual(queued.sort());
});
