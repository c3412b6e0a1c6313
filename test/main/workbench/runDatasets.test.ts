import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, type TensorFile } from '../../../src/core/formats/safetensors.ts';
import { exampleQuerySchema, type Example } from '../../../src/core/records.ts';
import { finishTask } from '../../../src/main/platform/longTask.ts';
import type { Workbench } from '../../../src/main/workbench.ts';
import { makeFolder } from '../../support/digits.ts';
import { writeFiles } from '../datasets/builders.ts';
import { errorOf } from '../store/fixtures.ts';
import {
  create,
  finishRun,
  makeWorkbench,
  playEpochs,
  squareFiles,
  squarePixels,
} from './playedWorkbench.ts';

/** Bytes before the pixels of an IDX file of images. */
const headerBytes = 16;

/** The usual files with every pixel inverted: other images under the same labels. */
const otherFiles = (): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(squareFiles()).map(([name, bytes]) => [
      name,
      name.includes('images')
        ? bytes.map((byte, i) => (i < headerBytes ? byte : 255 - byte))
        : bytes,
    ]),
  );

/**
 * A run of the usual `squares` in the folder of a workbench whose `squares` are others.
 *
 * @param end what becomes of the run where it was begun
 */
async function moveRun(end: 'completed' | 'paused' = 'completed') {
  const here = await makeWorkbench();
  const there = await makeWorkbench({ files: otherFiles() });
  const runId = await create(here.workbench);
  const trainer = await here.next();
  playEpochs(trainer, 1);
  if (end === 'completed') await finishRun(here.workbench, trainer);
  else {
    await here.workbench.api.runs.pause({ runId }, {});
    await here.workbench.training.idle;
  }
  const bundle = join(makeFolder(), 'run.afterimage');
  await here.workbench.history.exportBundle([runId], bundle);
  await there.workbench.history.importBundle(bundle);
  const exampleId = trainer.job.split.test[1] ?? 0;
  return { here, there, runId, exampleId, split: trainer.job.split };
}

/** Imports what the run was trained on under a name that is free. */
async function bringBack({ api }: Workbench): Promise<void> {
  const path = makeFolder();
  await writeFiles(path, squareFiles());
  const request = { format: 'idx', path, name: 'squares of old' } as const;
  await finishTask(await api.datasets.import(request, {}), () => undefined);
}

const decode = async (blob: Blob): Promise<TensorFile> =>
  decodeSafetensors(new Uint8Array(await blob.arrayBuffer()), 'the answer');

const idOf = ({ history }: Workbench): string => history.datasets.get('squares')?.id ?? '';

/** What is said where the images of a moved run are wanted. */
const absence = (here: Workbench, there: Workbench) => ({
  code: 'NOT_FOUND',
  message: `The images of data set squares (${idOf(here).slice(0, 12)}) are not here; the set of that name here is another one (${idOf(there).slice(0, 12)}).`,
  remedy: expect.stringMatching(
    /^Import them again under another name, with "datasets import"/,
  ) as string,
});

describe('a run', () => {
  it('has a data set from its first start on, and the same in another folder', async () => {
    const here = await makeWorkbench();
    const runId = await create(here.workbench);
    const { runs } = here.workbench.history;
    await here.next();
    expect(runs.getSummary(runId).datasetId).toBe(idOf(here.workbench));
    const waiting = await create(here.workbench);
    expect(runs.getSummary(waiting).datasetId).toBeNull();
    expect(await errorOf(() => here.workbench.datasets.locate(waiting))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'Run a run has not started: it has no data set yet.',
    });

    const moved = await moveRun();
    const { datasetId } = moved.there.workbench.history.runs.get(moved.runId);
    expect(datasetId).toBe(idOf(moved.here.workbench));
    expect(datasetId).not.toBe(idOf(moved.there.workbench));
  });

  it('that has not begun takes what its data set’s name means when it does', async () => {
    const { workbench, next } = await makeWorkbench();
    await create(workbench);
    const first = await next();
    const waiting = await create(workbench);
    playEpochs(first, 0);
    first.event({ type: 'completed', reason: 'allEpochs' });
    first.exit('exit code 0');
    const second = await next();
    expect(second.job.runId).toBe(waiting);
    expect(basename(second.job.datasetPath)).toBe(`${idOf(workbench)}.safetensors`);
  });
});

describe('where a data set’s name means another one', () => {
  it('a run’s image is said to be missing, and its maps are shown', async () => {
    const { here, there, runId, exampleId } = await moveRun();
    const ask = async ({ workbench }: typeof here): Promise<TensorFile> =>
      decode(await workbench.api.examples.history({ runId, exampleId }, {}));
    const before = await ask(here);
    const { image, ...maps } = before.tensors;
    const without = await ask(there);
    expect(without.tensors).toEqual(maps);
    const { imageProblem = '', ...metadata } = without.metadata;
    expect(metadata).toEqual({ classNames: '["0","1"]', imageSize: '8', channels: '1' });
    expect(JSON.parse(imageProblem)).toEqual(absence(here.workbench, there.workbench));

    await bringBack(there.workbench);
    expect(await ask(there)).toEqual(before);
    expect(image?.values).toEqual(Uint8Array.from(squarePixels(exampleId)));
  });

  it('an epoch names its run’s classes', async () => {
    const { there, runId } = await moveRun();
    const { api } = there.workbench;
    const { metadata } = await decode(await api.examples.epoch({ runId, epoch: 1 }, {}));
    expect(metadata).toEqual({ classNames: '["0","1"]', imageSize: '8', channels: '1' });
  });

  it('images are asked for by content, and never another set’s', async () => {
    const { here, there } = await moveRun();
    const datasetId = idOf(here.workbench);
    const { datasets } = there.workbench.api;
    const ask = () => datasets.images({ datasetId, split: 'test', indices: [2] }, {});
    expect(await errorOf(ask)).toMatchObject(absence(here.workbench, there.workbench));
    await bringBack(there.workbench);
    expect((await decode(await ask())).tensors['images']?.values).toEqual(
      Uint8Array.from(squarePixels(2)),
    );
  });

  it('metrics of maps are those of the run’s own images or none', async () => {
    const { here, there, runId } = await moveRun();
    const query = exampleQuerySchema.parse({ runId, epoch: 1, mapMetrics: true });
    const list = ({ workbench }: typeof here): Promise<Example[]> =>
      workbench.api.examples.list(query, {});
    expect(await errorOf(() => list(there))).toMatchObject(
      absence(here.workbench, there.workbench),
    );
    await bringBack(there.workbench);
    expect(await list(there)).toEqual(await list(here));
  });

  it('maps of every class are not computed from another image', async () => {
    const { here, there, runId, exampleId } = await moveRun();
    const { examples } = there.workbench.api;
    const refused = await errorOf(() =>
      examples.classMaps({ method: 'gradcam', runId, exampleId }, {}),
    );
    expect(refused).toMatchObject(absence(here.workbench, there.workbench));
  });

  it('a figure that shows images is refused, and one of numbers is drawn', async () => {
    const { here, there, runId, exampleId } = await moveRun();
    const build = (specification: Record<string, unknown>) =>
      there.workbench.api.figures.build({ specification: { ...specification, run: runId } }, {});
    const pair = { template: 'cam-pair', example: exampleId };
    expect(await errorOf(() => build(pair))).toMatchObject(
      absence(here.workbench, there.workbench),
    );
    expect((await build({ template: 'confusion-matrix' })).svg.size).toBeGreaterThan(0);
  });

  it('a run is not resumed, and stays as it was', async () => {
    const { here, there, runId, split } = await moveRun('paused');
    const { api, history } = there.workbench;
    const resume = () => api.runs.resume({ runId }, {});
    expect(await errorOf(resume)).toMatchObject(absence(here.workbench, there.workbench));
    expect(history.runs.getSummary(runId)).toMatchObject({ status: 'paused', error: null });

    await bringBack(there.workbench);
    await resume();
    const { job } = await there.next();
    expect(basename(job.datasetPath)).toBe(`${idOf(here.workbench)}.safetensors`);
    expect(job.split).toEqual(split);
  });

  it('a run that is resumed all the same fails before it trains', async () => {
    const { here, there, runId } = await moveRun('paused');
    there.workbench.training.resume(runId);
    await there.workbench.training.idle;
    const { status, error } = there.workbench.history.runs.getSummary(runId);
    expect(status).toBe('failed');
    expect(error).toMatchObject(absence(here.workbench, there.workbench));
  });

  it('two runs are told apart by what they saw', async () => {
    const { here, there, runId } = await moveRun();
    const other = await create(there.workbench);
    const trainer = await there.next();
    playEpochs(trainer, 1);
    await finishRun(there.workbench, trainer);
    const query = { runIds: [runId, other], epoch: 1, bootstrapSeed: 1, metrics: null };
    const compare = async () =>
      finishTask(await there.workbench.api.statistics.compare(query, {}), () => undefined);
    const [a, b] = [here, there].map(({ workbench }) => idOf(workbench).slice(0, 12));
    expect((await errorOf(compare)).message).toBe(
      `a run was tested on squares (${a ?? ''}) and a run on squares (${b ?? ''}): they have no image in common.`,
    );
  });
});

it('a completed run that is resumed is refused for that, be its images here or not', async () => {
  const { there, runId } = await moveRun();
  const refused = await errorOf(() => there.workbench.api.runs.resume({ runId }, {}));
  expect(refused).toMatchObject({ code: 'CONFLICT' });
});

it('a file that is gone is said to be missing beside the maps', async () => {
  const { here, runId, exampleId } = await moveRun();
  const { path } = await here.workbench.datasets.locate(runId);
  await rm(path);
  const { tensors, metadata } = await decode(
    await here.workbench.api.examples.history({ runId, exampleId }, {}),
  );
  expect(tensors['image']).toBeUndefined();
  expect(tensors['predictedLevels']).toBeDefined();
  expect(JSON.parse(metadata['imageProblem'] ?? '')).toMatchObject({
    code: 'CORRUPT_HISTORY',
    message: expect.stringContaining(path) as string,
    remedy: expect.stringContaining('Import it again under the same name') as string,
  });
});
