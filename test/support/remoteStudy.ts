import { join } from 'node:path';
import { presets } from '../../src/core/config/presets.ts';
import type { StudyRecord } from '../../src/core/studies/progress.ts';
import { submitStudy } from '../../src/main/cluster/submit.ts';
import { SubmissionFolder } from '../../src/main/cluster/submission.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../src/main/learning/engine/wasm/wasmEngine.ts';
import { makeFolder as makeFolderAt } from '../../src/main/platform/folders.ts';
import type { Workbench } from '../../src/main/workbench.ts';
import { withSettings } from './settings.ts';
import { makeTinyDataset } from './tinyRun.ts';
import { openTinyWorkbench } from './trainHere.ts';

const dataset = makeTinyDataset();
let engine: Engine | undefined;

/** Of runs that take a moment. */
export const farConfig = withSettings(presets['mnist-c'], {
  ...{ dataset: 'tiny', batchSize: 8, epochs: 1, patience: null },
});

/** A workbench on a data folder, by default one of the test's own, with the data set `tiny`, which trains in this process. */
export async function openHome(
  dataDir?: string,
): Promise<{ workbench: Workbench; dataDir: string }> {
  engine ??= await openWasmEngine(1);
  return openTinyWorkbench(engine, dataset, dataDir);
}

/** Stores a study of two seeds, `far`. */
export const planFar = ({ history }: Workbench): StudyRecord =>
  history.studies.insert({
    ...{ name: 'far', question: '', factors: [], seeds: [1, 2] },
    bases: [{ name: 'C', config: farConfig }],
  });

export interface HandedOver {
  study: StudyRecord;
  folder: SubmissionFolder;
  /** Of task 0 and task 1. */
  runIds: [string, string];
}

/** Plans `far` and hands its two runs to the Slurm that is on the path, a task each. */
export async function handFarOver(workbench: Workbench, dataDir: string): Promise<HandedOver> {
  const { history, library } = workbench;
  const study = planFar(workbench);
  const { folder, runs } = await submitStudy(
    study,
    {
      ...{ on: 'slurm', resources: { cpus: 1, mem: '8G' }, runsPerTask: 1, setup: '' },
      ...{ shared: join(dataDir, 'shared'), engine: 'wasm' },
    },
    { history, library, dataDir },
  );
  const [first = '', second = ''] = runs.map(({ runId }) => runId);
  return { study, folder: new SubmissionFolder(folder), runIds: [first, second] };
}

/** Trains the runs of `far` elsewhere and leaves their bundles in a folder, as their tasks would. */
export async function leaveResults(
  folder: SubmissionFolder,
  runIds: readonly string[],
): Promise<void> {
  const { workbench } = await openHome();
  for (const [i, id] of runIds.entries()) {
    const name = `far seed ${i + 1}`;
    workbench.history.runs.insert(
      { name, experiment: 'far', config: farConfig, seed: i + 1 },
      'wasm',
      id,
    );
  }
  workbench.training.submit(runIds);
  await workbench.training.idle;
  for (const id of runIds) {
    makeFolderAt(folder.runFolder(id));
    await workbench.history.exportBundle([id], folder.resultPath(id));
  }
  await workbench.close();
}
