import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { encodeDataset } from '../../../src/core/formats/datasetFile.ts';
import type { DatasetRecord } from '../../../src/core/records.ts';
import {
  SubmissionFolder,
  type PlannedTaskRun,
  type Submission,
} from '../../../src/main/cluster/submission.ts';
import { runTask, type TaskEnd } from '../../../src/main/cluster/task.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import type { StartTrainer } from '../../../src/main/training/trainerHost.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import { makeFolder } from '../../support/digits.ts';
import { withSettings } from '../../support/settings.ts';
import { readNumbers, readRuns, withHistory } from '../../support/storedRun.ts';
import { makeTinyDataset } from '../../support/tinyRun.ts';
import { keepDataset } from '../../support/trainedHistory.ts';
import { openTinyWorkbench, trainHere } from '../../support/trainHere.ts';

const dataset = makeTinyDataset();
let engine: Engine;
let record: DatasetRecord;
beforeAll(async () => {
  engine = await openWasmEngine(1);
});

const plan = (id: string, seed: number, changes = {}): PlannedTaskRun => ({
  id,
  name: `run ${id}`,
  experiment: 'study',
  config: withSettings(presets['mnist-r'], {
    ...{ dataset: 'tiny', batchSize: 8, epochs: 2, learningRate: 0.003, patience: null },
    ...changes,
  }),
  seed,
});

/** A shared folder with a submission of these runs. */
async function submit(runs: PlannedTaskRun[], changes: Partial<Submission> = {}) {
  const path = makeFolder();
  const file = join(path, 'tiny.safetensors');
  writeFileSync(file, encodeDataset(dataset));
  const dataDir = makeFolder();
  const workbench = await openWorkbench({ dataDir });
  record = await keepDataset(workbench.history, dataDir, 'tiny', dataset);
  await workbench.close();
  const submission: Submission = {
    ...{
      version: 1,
      id: 'sub',
      study: 'a study',
      scheduler: 'slurm',
      createdAt: '2026-01-02T03:04:05.678Z',
    },
    ...{ engine: 'wasm', engines: null, cpus: 1, runsPerTask: runs.length },
    datasets: [{ record, path: file }],
    runs,
    ...changes,
  };
  const folder = new SubmissionFolder(path);
  writeFileSync(folder.submissionPath, JSON.stringify(submission));
  return { folder, file };
}

/** Runs whose bundle is there. */
async function listResults(folder: SubmissionFolder): Promise<string[]> {
  const ids = folder.readSubmission().runs.map(({ id }) => id);
  const found = await Promise.all(ids.map((id) => folder.hasResult(id)));
  return ids.filter((_, i) => found[i]);
}

interface Try {
  task?: number;
  restarts?: number;
  job?: string;
  startTrainer?: StartTrainer;
  stopping?: AbortSignal;
}

/** Runs a task on a disk that is new, as another node's would be. */
async function attempt(folder: SubmissionFolder, choice: Try = {}): Promise<TaskEnd> {
  const dataDir = makeFolder();
  const { task = 0, restarts = 0, job = '7' } = choice;
  const startTrainer = choice.startTrainer ?? trainHere(engine, dataset);
  const workbench = await openWorkbench({ dataDir, jobs: 1, startTrainer });
  const { stopping = new AbortController().signal } = choice;
  const submission = folder.readSubmission();
  const own = { job, id: `${job}1`, node: 'n1', restarts };
  try {
    const prepare = () => Promise.resolve();
    const parts = { workbench, dataDir, folder, submission, task, own, stopping, prepare };
    return await runTask(parts);
  } finally {
    await workbench.close();
  }
}

/** What a bundle brings home. */
async function bringHome(path: string): Promise<string> {
  const dataDir = makeFolder();
  const workbench = await openWorkbench({ dataDir });
  await workbench.history.importBundle(path);
  await workbench.close();
  return dataDir;
}

/** The numbers of the same run trained here without any cluster. */
async function trainDirectly({ id, ...run }: PlannedTaskRun) {
  const { workbench, dataDir } = await openTinyWorkbench(engine, dataset);
  workbench.history.runs.insert(run, 'wasm', id);
  workbench.training.submit([id]);
  await workbench.training.idle;
  await workbench.close();
  return readNumbers(dataDir, id);
}

/** Has the task told to stop as soon as the first epoch is stored: in the middle of the second. */
const stopAfterFirstEpoch =
  (stopping: AbortController): StartTrainer =>
  (environment, listeners) =>
    trainHere(engine, dataset)(environment, {
      ...listeners,
      event: (event) => {
        listeners.event(event);
        if (event.type === 'epoch' && event.result.metrics.epoch === 1) stopping.abort();
      },
    });

test('each run of a task comes home with the numbers of one trained here', async () => {
  const runs = [plan('aaaaaaaaaaaa', 1), plan('bbbbbbbbbbbb', 2)];
  const { folder } = await submit(runs);
  expect(await attempt(folder)).toBe('completed');
  for (const run of runs) {
    const dataDir = await bringHome(folder.resultPath(run.id));
    expect(readRuns(dataDir)).toMatchObject([{ id: run.id, status: 'completed', seed: run.seed }]);
    expect(readNumbers(dataDir, run.id)).toEqual(await trainDirectly(run));
    expect(await folder.readReport(run.id)).toMatchObject({
      ...{ state: 'completed', job: '7', node: 'n1', restarts: 0, error: null },
      progress: { epoch: 2, epochs: 2 },
    });
  }
  // Nothing is left half-written, and what is done is not done again.
  expect(readdirSync(folder.runFolder(runs[0]?.id ?? ''))).toEqual([
    'report.json',
    'result.afterimage',
  ]);
  const never: StartTrainer = () => {
    throw new Error('trained again');
  };
  expect(await attempt(folder, { startTrainer: never, restarts: 1 })).toBe('completed');
});

test('a task only trains its own runs', async () => {
  const { folder } = await submit([plan('aaaaaaaaaaaa', 1), plan('bbbbbbbbbbbb', 2)], {
    runsPerTask: 1,
  });
  expect(await attempt(folder, { task: 1 })).toBe('completed');
  expect(await listResults(folder)).toEqual(['bbbbbbbbbbbb']);
  await expect(attempt(folder, { task: 2 })).rejects.toMatchObject({
    message: 'Submission sub has no task 2.',
    remedy: 'It has tasks 0 to 1.',
  });
});

test('one that is stopped goes on elsewhere and ends with the same bits', async () => {
  const run = plan('aaaaaaaaaaaa', 3);
  const { folder } = await submit([run]);
  const stopping = new AbortController();
  const startTrainer = stopAfterFirstEpoch(stopping);
  expect(await attempt(folder, { startTrainer, stopping: stopping.signal })).toBe('saved');
  expect(await folder.readReport(run.id)).toMatchObject({ state: 'saved', job: '7' });
  const midway = await bringHome(folder.statePath(run.id));
  expect(readRuns(midway)[0]?.epochs).toHaveLength(2);
  expect(await attempt(folder, { restarts: 1 })).toBe('completed');
  const dataDir = await bringHome(folder.resultPath(run.id));
  expect(readNumbers(dataDir, run.id)).toEqual(await trainDirectly(run));
  expect(await folder.hasState(run.id)).toBe(false);
});

test('one that is told to stop before it began leaves things as they are', async () => {
  const run = plan('aaaaaaaaaaaa', 3);
  const { folder } = await submit([run]);
  expect(await attempt(folder, { stopping: AbortSignal.abort() })).toBe('saved');
  expect(readdirSync(folder.runFolder(run.id))).toEqual(['report.json']);
  expect(await attempt(folder, { restarts: 1 })).toBe('completed');
});

test('a run that fails says why, lets the others go on, and is only tried again in another job', async () => {
  const [bad, good] = [plan('aaaaaaaaaaaa', 1), plan('bbbbbbbbbbbb', 2)];
  const { folder } = await submit([bad, good]);
  let count = 0;
  const startTrainer: StartTrainer = (environment, listeners) => {
    count += 1;
    if (count > 1) return trainHere(engine, dataset)(environment, listeners);
    return {
      kill: () => undefined,
      send: () => {
        listeners.line('a line of its log');
        listeners.exit('signal SIGKILL');
      },
    };
  };
  expect(await attempt(folder, { startTrainer })).toBe('failed');
  expect(await folder.readReport(bad.id)).toMatchObject({
    state: 'failed',
    error: { code: 'TRAINER_DIED', log: ['a line of its log'] },
  });
  expect(await listResults(folder)).toEqual([good.id]);
  expect(await attempt(folder, { restarts: 1 })).toBe('completed');
  expect(await folder.hasResult(bad.id)).toBe(false);
  expect(await attempt(folder, { job: '8' })).toBe('completed');
  const dataDir = await bringHome(folder.resultPath(bad.id));
  expect(readNumbers(dataDir, bad.id)).toEqual(await trainDirectly(bad));
});

test('images that are not those that were submitted keep the task from beginning', async () => {
  const run = plan('aaaaaaaaaaaa', 1);
  const { folder, file } = await submit([run]);
  writeFileSync(file, encodeDataset(makeTinyDataset(33, 12)));
  const message = `${file} is not data set tiny as it was submitted.`;
  await expect(attempt(folder)).rejects.toMatchObject({ code: 'CORRUPT_INPUT', message });
  expect(await folder.readReport(run.id)).toMatchObject({ state: 'failed', error: { message } });
});

test('a state that was cut short fails its run alone, and stays', async () => {
  const [cut, good] = [plan('aaaaaaaaaaaa', 1), plan('bbbbbbbbbbbb', 2)];
  const { folder } = await submit([cut, good]);
  expect(await attempt(folder, { stopping: AbortSignal.abort() })).toBe('saved');
  writeFileSync(folder.statePath(cut.id), 'afterimage-bundle-1\nnothing');
  expect(await attempt(folder)).toBe('failed');
  expect((await folder.readReport(cut.id))?.error?.message).toContain(
    'is not a whole Afterimage bundle',
  );
  expect(await listResults(folder)).toEqual([good.id]);
});

test('a folder that this machine does not see, and a submission of another version', () => {
  const folder = new SubmissionFolder('/nowhere/at/all');
  expect(() => folder.readSubmission()).toThrow(
    'This machine does not see /nowhere/at/all/submission.json.',
  );
  const other = new SubmissionFolder(makeFolder());
  writeFileSync(other.submissionPath, JSON.stringify({ version: 2 }));
  expect(() => other.readSubmission()).toThrow('is not what this version of Afterimage wrote');
});

test('a run that is brought home is there once', async () => {
  const run = plan('aaaaaaaaaaaa', 1, { epochs: 1 });
  const { folder } = await submit([run]);
  await attempt(folder);
  const dataDir = await bringHome(folder.resultPath(run.id));
  const again = await openWorkbench({ dataDir });
  const result = await again.history.importBundle(folder.resultPath(run.id));
  await again.close();
  expect(result).toMatchObject({ imported: [], skipped: [run.id] });
  expect(withHistory(dataDir, (history) => history.runs.list())).toHaveLength(1);
});
