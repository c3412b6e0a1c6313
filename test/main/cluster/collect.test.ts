import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { plannedRuns } from '../../../src/core/studies/plan.ts';
import type { StudyDetail } from '../../../src/core/studies/progress.ts';
import { SubmissionFolder } from '../../../src/main/cluster/submission.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeFolder } from '../../support/digits.ts';
import { farConfig, leaveResults, openHome, planFar } from '../../support/remoteStudy.ts';
import { withHistory } from '../../support/storedRun.ts';

const ids = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'] as const;

/** A study of two runs that were handed to a cluster, which has both done. */
async function makeDone(): Promise<{ dataDir: string; folder: SubmissionFolder; studyId: string }> {
  const home = await openHome();
  const { history } = home.workbench;
  const { id: studyId } = planFar(home.workbench);
  const folder = new SubmissionFolder(join(makeFolder(), 'far'));
  const planned = plannedRuns(history.studies.get(studyId).study);
  history.submissions.insert({
    ...{ id: 'sub', studyId, scheduler: 'slurm', folder: folder.path, setup: '' },
    ...{ createdAt: '2026-01-02T03:04:05.678Z', resources: { cpus: 1 } },
    jobs: [{ id: '7', tasks: [0, 1], offset: 0 }],
    runs: planned.map(({ key, name, seed }, task) => ({
      ...{ runId: ids[task] ?? '', task, key, name, seed, collectedAt: null, isCancelled: false },
    })),
  });
  await home.workbench.close();
  await leaveResults(folder, ids);
  return { dataDir: home.dataDir, folder, studyId };
}

const collect = (dataDir: string, ...options: string[]): Promise<unknown> =>
  readHere(dataDir, 'study', 'collect', 'far', ...options);

const stateOf = async (dataDir: string): Promise<StudyDetail> =>
  (await readHere(dataDir, 'study', 'show', 'far')) as StudyDetail;

test('each run comes home once and stands for what the study planned', async () => {
  const { dataDir } = await makeDone();
  expect(await collect(dataDir)).toEqual({ collected: [...ids], deleted: [], failed: [] });
  expect(await collect(dataDir)).toEqual({ collected: [], deleted: [], failed: [] });
  const { cells, state } = await stateOf(dataDir);
  expect(state).toBe('done');
  expect(cells.map(({ run }) => run?.id)).toEqual([...ids]);
});

test('one that was imported before that could be noted is noted, and is there once', async () => {
  const { dataDir, folder } = await makeDone();
  expect(await runHere(dataDir, 'runs', 'import', folder.resultPath(ids[1]))).toMatchObject({
    code: 0,
  });
  expect(await collect(dataDir)).toMatchObject({ collected: [ids[0]] });
  const { cells, others } = await stateOf(dataDir);
  expect([cells.map(({ run }) => run?.id), others]).toEqual([[...ids], []]);
});

test('a run that was deleted here stays away, says so, and comes again when asked for', async () => {
  const { dataDir } = await makeDone();
  await collect(dataDir);
  await readHere(dataDir, 'runs', 'delete', ...ids);
  await readHere(dataDir, 'runs', 'purge', ids[1]);
  expect(await collect(dataDir)).toEqual({ collected: [], deleted: [...ids], failed: [] });
  const { stdout, stderr } = await runHere(dataDir, 'study', 'collect', 'far');
  expect(stdout).toBe('0 runs came home.\n');
  expect(stderr).toBe(
    `2 runs (${ids.join(', ')}) had come home before and were deleted here: not imported again; --again does.\n`,
  );
  expect(await collect(dataDir, '--again')).toMatchObject({ collected: [...ids], deleted: [] });
  expect((await stateOf(dataDir)).cells.map(({ run }) => run?.id)).toEqual([...ids]);
});

test('a bundle of a later version, and one that is damaged, keep no other from coming home', async () => {
  const { dataDir, folder } = await makeDone();
  const aside = join(makeFolder(), 'whole');
  copyFileSync(folder.resultPath(ids[0]), aside);
  writeFileSync(folder.resultPath(ids[0]), 'afterimage-bundle-9\nsomething else\n');
  const newer = await runHere(dataDir, 'study', 'collect', 'far');
  expect(newer.code).toBe(1);
  expect(newer.stdout).toBe('1 run came home.\n');
  expect(newer.stderr).toMatch(/^error: .*result\.afterimage was exported by a later version/);
  writeFileSync(folder.resultPath(ids[0]), 'cut short');
  const damaged = await runHere(dataDir, 'study', 'collect', 'far');
  expect(damaged.stderr).toMatch(/^error: .* is not a whole Afterimage bundle: .*\n$/);
  copyFileSync(aside, folder.resultPath(ids[0]));
  expect(await collect(dataDir)).toMatchObject({ collected: [ids[0]] });
});

test('what is on a cluster is not trained here as well, and not forgotten', async () => {
  const { dataDir } = await makeDone();
  const run = await runHere(dataDir, 'study', 'run', 'far');
  expect(run).toMatchObject({
    code: 0,
    stdout: 'Study far has no run that is planned or waiting or paused.\n',
  });
  const refused = await runHere(dataDir, 'study', 'delete', 'far');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^error: 2 runs of study far are on a cluster\. Bring them home/);
});

test('nothing to collect is said, and no Slurm is no reason not to show what tasks wrote', async () => {
  const { dataDir, folder } = await makeDone();
  withHistory(dataDir, ({ studies }) => {
    const study = { name: 'near', question: '', factors: [], seeds: [1, 2] };
    studies.insert({ ...study, bases: [{ name: 'C', config: farConfig }] });
  });
  const nothing = await runHere(dataDir, 'study', 'collect', 'near');
  expect(nothing.stderr).toBe(
    'error: Nothing of study near was handed to a cluster. “study submit” does that.\n',
  );
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  vi.stubEnv('PATH', folder.path);
  const status = await runHere(dataDir, 'study', 'status', 'far');
  expect(status.stderr).toBe(
    'There is no Slurm here: squeue was not found. What tasks wrote last is shown.\n',
  );
  expect(status.stdout).toContain('on a cluster: 2 finished');
  const cancel = await runHere(dataDir, 'study', 'cancel', 'far');
  expect(cancel.stderr).toMatch(/^error: There is no Slurm here: squeue was not found\. Run this/);
  const submit = await runHere(dataDir, 'study', 'submit', 'near', '--shared', makeFolder());
  expect(submit.stderr).toMatch(
    /^error: There is no Slurm here: scontrol was not found\. Run this/,
  );
});

test('the window brings runs home by itself, says so, and shows why one cannot come', async () => {
  const { dataDir, folder } = await makeDone();
  writeFileSync(folder.resultPath(ids[1]), 'cut short');
  const workbench = await openWorkbench({ dataDir });
  onTestFinished(() => workbench.close());
  const ending = new AbortController();
  const seen: string[] = [];
  const events = workbench.events.read({ signal: ending.signal });
  const following = (async () => {
    for await (const event of events) {
      seen.push(event.type === 'run' ? `run ${event.run.id}` : event.type);
    }
  })();
  const [refused, ...others] = await workbench.api.studies.remote({}, {});
  expect(others).toEqual([]);
  expect(refused).toMatchObject({ runId: ids[1], study: 'far', state: 'finished', task: '7_1' });
  expect(refused?.reason).toContain('is not a whole Afterimage bundle');
  expect(workbench.history.runs.getSummary(ids[0]).status).toBe('completed');
  await new Promise(setImmediate);
  ending.abort();
  await following;
  // What follows other processes may tell of what the import's own connection wrote, epochs too.
  const told = new Set(seen.filter((event) => event !== 'epoch'));
  expect(told).toEqual(new Set([`run ${ids[0]}`, 'studies', 'remote']));
});
