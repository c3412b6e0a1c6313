import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Workbench } from '../../../src/main/workbench.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import { makeFolder } from '../../support/digits.ts';
import { protect } from '../../support/protect.ts';
import { handFarOver, leaveResults, openHome, type HandedOver } from '../../support/remoteStudy.ts';
import { SlurmPrograms } from '../../support/slurmPrograms.ts';
import { runHere } from '../../support/commands.ts';

let workbench: Workbench;
let dataDir: string;
let far: HandedOver;
let slurm: SlurmPrograms;
let isOpen = false;

async function close(): Promise<void> {
  if (isOpen) await workbench.close();
  isOpen = false;
}

beforeEach(async () => {
  slurm = new SlurmPrograms(makeFolder());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  vi.stubEnv('PATH', slurm.path);
  ({ workbench, dataDir } = await openHome());
  isOpen = true;
  onTestFinished(close);
  far = await handFarOver(workbench, dataDir);
  slurm.setQueue('1|0|RUNNING|None|n1', '1|1|PENDING|Priority|');
});

/** Run and state of what the window shows. */
const seen = async (): Promise<string[]> =>
  (await workbench.api.studies.remote({}, {})).map(
    ({ name, state, isTakenBack }) => `${name} ${state}${isTakenBack ? ' taken back' : ''}`,
  );
const cancel = () => workbench.api.studies.cancelRemote({ studyId: far.study.id }, {});
const retry = (changes = {}) =>
  workbench.api.studies.retryRemote({ studyId: far.study.id, changes }, {});
const missing = async (): Promise<number> => {
  const request = { studyId: far.study.id, engine: 'wasm' as const };
  return (await workbench.api.studies.estimate(request, {})) === null ? 0 : 1;
};
const refused = (code: string, message: RegExp): Error =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

it('takes back what waits and trains, which can be trained here then, and stays in sight', async () => {
  expect(await seen()).toEqual(['far seed 1 starting', 'far seed 2 waiting']);
  expect(await missing()).toBe(0);
  expect(await cancel()).toEqual({ runIds: far.runIds });
  expect(slurm.calls().at(-1)).toBe('scancel 1');
  // Slurm has yet to end them.
  slurm.setQueue('1|0|COMPLETING|None|n1', '1|1|CANCELLED|None|');
  expect(await seen()).toEqual([
    'far seed 1 cancelled taken back',
    'far seed 2 cancelled taken back',
  ]);
  expect(await missing()).toBe(1);
  slurm.setQueue('1|0|CANCELLED|None|n1', '1|1|CANCELLED|None|');
  expect(await cancel()).toEqual({ runIds: [] });
});

it('hands over again what failed and what was taken back, with what else it asks for', async () => {
  await seen();
  await cancel();
  const again = ['2|0|PENDING|Priority|', '2|1|PENDING|Priority|'];
  slurm.setQueue('1|0|OUT_OF_MEMORY|None|n1', '1|1|CANCELLED|None|', ...again);
  expect(await retry({ mem: '32G' })).toEqual({ runIds: far.runIds, held: [] });
  const call = slurm.calls().at(-1);
  expect(call).toMatch(/^sbatch .*--array=0-1 --cpus-per-task=1 --mem=32G /);
  expect(await seen()).toEqual(['far seed 1 waiting', 'far seed 2 waiting']);
  expect(await missing()).toBe(0);
});

it('hands nothing over that was taken back and is trained here', async () => {
  await seen();
  await cancel();
  slurm.setQueue('1|0|CANCELLED|None|', '1|1|CANCELLED|None|', '2|0|PENDING|None|');
  const states = ['planned' as const];
  const { runIds } = await workbench.api.studies.start(
    { studyId: far.study.id, states, engine: 'wasm' },
    {},
  );
  expect(runIds).toHaveLength(2);
  await workbench.training.idle;
  await workbench.api.runs.delete({ runIds: runIds.slice(0, 1) }, {});
  expect(await retry()).toEqual({ runIds: far.runIds.slice(0, 1), held: [] });
  expect(slurm.calls().at(-1)).toMatch(/--array=0 /);
  expect(await seen()).toEqual(['far seed 1 waiting']);
});

it('lets go of what others have cancelled, without asking for that again', async () => {
  slurm.setQueue('1|0|CANCELLED|None|', '1|1|CANCELLED|None|');
  expect(await seen()).toEqual(['far seed 1 cancelled', 'far seed 2 cancelled']);
  expect(await missing()).toBe(0);
  expect(await cancel()).toEqual({ runIds: far.runIds });
  expect(slurm.calls().filter((call) => call.startsWith('scancel'))).toEqual([]);
  expect(await missing()).toBe(1);
});

it('brings home what completed before its task could be ended', async () => {
  await seen();
  await cancel();
  await leaveResults(far.folder, far.runIds);
  await retry();
  const { cells } = await workbench.api.studies.get({ studyId: far.study.id }, {});
  expect(cells.map(({ run }) => run?.id)).toEqual(far.runIds);
  expect(await seen()).toEqual([]);
});

it('says that the shared folder is gone, hands nothing over, and takes runs back all the same', async () => {
  slurm.setQueue('1|0|FAILED|NonZeroExitCode|n1', '1|1|FAILED|NonZeroExitCode|n1');
  await rm(far.folder.path, { recursive: true });
  const before = slurm.calls();
  const error = refused('NOT_FOUND', /^The shared folder .* of study far is gone, or this machine/);
  await expect(retry()).rejects.toThrow(error);
  expect(slurm.calls()).toEqual(before);
  expect(await cancel()).toEqual({ runIds: far.runIds });
});

it('says in one line that no Slurm is here, and that one does not answer', async () => {
  slurm.fallSilent();
  const silent = refused('NO_NETWORK', /^Slurm does not answer squeue: .*\.$/);
  await expect(cancel()).rejects.toThrow(silent);
  const empty = join(makeFolder(), 'empty');
  mkdirSync(empty);
  vi.stubEnv('PATH', empty);
  const absent = refused('NOT_FOUND', /^There is no Slurm here: squeue was not found\.$/);
  await expect(cancel()).rejects.toThrow(absent);
  await expect(retry()).rejects.toThrow(absent);
});

it('does nothing to a cluster where the history can only be read', async (context) => {
  await close();
  await protect(dataDir, context);
  const looking = await openWorkbench({ dataDir });
  onTestFinished(() => looking.close());
  const { studies } = looking.api;
  const studyId = far.study.id;
  const before = slurm.calls();
  const error = expect.objectContaining({ code: 'READ_ONLY' }) as Error;
  await expect(studies.cancelRemote({ studyId }, {})).rejects.toThrow(error);
  await expect(studies.retryRemote({ studyId, changes: {} }, {})).rejects.toThrow(error);
  expect(slurm.calls()).toEqual(before);
});

it('is done alike on the command line', async () => {
  await close();
  expect(await runHere(dataDir, 'study', 'cancel', 'far')).toMatchObject({
    code: 0,
    stdout: '2 runs taken back from the cluster.\n',
  });
  slurm.setQueue('1|0|CANCELLED|None|', '1|1|CANCELLED|None|');
  expect(await runHere(dataDir, 'study', 'retry', 'far', '--time', '8:00:00')).toMatchObject({
    code: 0,
    stdout: '2 runs handed to the cluster again.\n',
  });
  expect(slurm.calls().at(-1)).toMatch(/--mem=8G --time=8:00:00 /);
});

it('has tasks run this program as plain Node, which a packaged application’s binary is not by itself', () => {
  const script = readFileSync(join(far.folder.path, 'task.sh'), 'utf8');
  expect(script).toContain(`\nexec 'env' 'ELECTRON_RUN_AS_NODE=1' '${process.execPath}' '`);
});

it('hands nothing over from within an AppImage, whose inside no node sees', async () => {
  vi.stubEnv('APPIMAGE', '/home/me/Afterimage.AppImage');
  slurm.setQueue('1|0|OUT_OF_MEMORY|None|n1', '1|1|CANCELLED|None|');
  const invisible = refused('INVALID_ARGUMENT', /inside \/home\/me\/Afterimage\.AppImage\.$/);
  await expect(retry()).rejects.toThrow(invisible);
  const study = { ...far.study.study, name: 'nearer' };
  workbench.history.studies.insert(study);
  await close();
  const submitted = await runHere(dataDir, 'study', 'submit', 'nearer', '--engine', 'wasm');
  expect(submitted.stderr).toMatch(/^error: No node sees .* --appimage-extract/);
  expect(slurm.calls().filter((call) => call.startsWith('sbatch'))).toHaveLength(1);
});
