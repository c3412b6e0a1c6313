import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openWorkbench } from '../../../src/main/workbench.ts';
import { insertRunWithEpochs, makeFolder, openTestHistory } from './fixtures.ts';

const script = fileURLToPath(new URL('./childTasks.ts', import.meta.url));

/** A history with a run, and its bundle in `copies`. */
async function makeCopied() {
  const dataDir = makeFolder();
  const copies = join(dataDir, 'copies');
  mkdirSync(copies);
  const history = openTestHistory(dataDir);
  const runId = insertRunWithEpochs(history, 2, { count: 200 });
  history.runs.setStatus(runId, 'completed');
  await history.exportBundle([runId], join(copies, 'bundle'));
  const read = async (): Promise<void> => {
    await (await openWorkbench({ dataDir, jobs: 1 })).close();
  };
  return { dataDir, copies, history, runId, read };
}

const unfinishedIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.partial'));

/** Starts a task that stops in the middle; what it has begun by then, and how to kill it. */
async function startHalf(task: string, dataDir: string, folder: string) {
  const child = spawn(process.execPath, [script, task, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  const begun = unfinishedIn(folder);
  expect(begun.length).toBeGreaterThan(0);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { begun, kill };
}

it.each(['backup', 'export'] as const)(
  'what a killed %s leaves goes with the next export or backup to that folder',
  async (task) => {
    const { dataDir, copies, history, runId } = await makeCopied();
    const { begun, kill } = await startHalf(task, dataDir, copies);
    await history.exportBundle([runId], join(copies, 'another'));
    expect(unfinishedIn(copies)).toEqual(begun);
    await kill();
    if (task === 'export') await history.backup(join(copies, 'backup'));
    else await history.exportBundle([runId], join(copies, 'another'));
    const last = task === 'export' ? ['backup'] : [];
    expect(readdirSync(copies).sort()).toEqual(['another', ...last, 'bundle']);
  },
);

it('what a killed import leaves goes with the next start', async () => {
  const { dataDir, history, runId, read } = await makeCopied();
  history.runs.delete([runId]);
  await history.purge([runId]);
  const { begun, kill } = await startHalf('import', dataDir, dataDir);
  await read();
  expect(unfinishedIn(dataDir)).toEqual(begun);
  await kill();
  await read();
  expect(unfinishedIn(dataDir)).toEqual([]);
  expect(history.runs.list()).toEqual([]);
});
