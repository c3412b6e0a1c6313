import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { DatasetLibrary } from '../datasets/library.ts';
import type { FigureMaker } from '../export/figureFiles.ts';
import { answerJobs } from '../platform/threads.ts';
import { openHistory } from '../store/history.ts';
import { version } from '../version.ts';
import { DatasetCache } from './datasetsApi.ts';
import type { FigureJob, FigureThreadData } from './figureJobs.ts';
import { openExplaining } from './explaining.ts';
import { RunDatasets } from './runDatasets.ts';
import { doFigureJob } from './figureMaking.ts';
import { createFigureSource } from './figureSource.ts';

/** The thread of `createFigureWorker`. It reads the history by a connection of its own. */
function openMaker({ dataDir }: FigureThreadData): FigureMaker {
  const history = openHistory({ dataDir, version });
  const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
  const cache = new DatasetCache(library);
  const explaining = openExplaining({
    dataDir,
    history,
    datasets: new RunDatasets(history, cache),
  });
  return { source: createFigureSource(history, cache, explaining), version };
}

const maker = openMaker(workerData as FigureThreadData);
answerJobs(
  (job: FigureJob) => doFigureJob(job, maker),
  (result) => (result.kind === 'exported' ? [result.bytes.buffer] : []),
);
