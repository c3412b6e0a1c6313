import type { DatasetContent } from '../../src/core/formats/datasetFile.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { trainRun } from '../../src/main/learning/trainer.ts';
import type { StartTrainer } from '../../src/main/training/trainerHost.ts';
import { openWorkbench, type Workbench } from '../../src/main/workbench.ts';
import { makeFolder } from './digits.ts';
import { keepDataset } from './trainedHistory.ts';

/** Trainers that train in this process, one after the other, on an engine that is open. */
export const trainHere =
  (engine: Engine, dataset: DatasetContent): StartTrainer =>
  (_, { event, exit }) => {
    let pauseRequested = false;
    return {
      kill: () => undefined,
      send: (command) => {
        if (command.type === 'pause') {
          pauseRequested = true;
          return;
        }
        event({ type: 'started', engine: engine.info, environment: {} });
        void trainRun(command.job, {
          engine,
          dataset,
          emit: event,
          pauseRequested: () => pauseRequested,
          yieldToMessages: () => new Promise(setImmediate),
        })
          .then(() => 'exit code 0', String)
          .then(exit);
      },
    };
  };

/** A workbench on a data folder, by default one of the test's own, with one data set, `tiny`, which trains in this process. */
export async function openTinyWorkbench(
  engine: Engine,
  dataset: DatasetContent,
  dataDir: string = makeFolder(),
): Promise<{ workbench: Workbench; dataDir: string }> {
  const startTrainer = trainHere(engine, dataset);
  const workbench = await openWorkbench({ dataDir, jobs: 1, startTrainer });
  await keepDataset(workbench.history, dataDir, 'tiny', dataset);
  return { workbench, dataDir };
}
