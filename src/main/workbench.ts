import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkbenchEvent } from '../shared/events.ts';
import { nativeEnvironment } from '../shared/nativeEngine.ts';
import { DatasetLibrary } from './datasets/library.ts';
import { separateReader } from './datasets/separateReader.ts';
import { computeSplit } from './datasets/split.ts';
import { enginesFolder, findCurrentEngine } from './engines/layout.ts';
import { EventLog } from './eventLog.ts';
import { takeAll } from './platform/takeAll.ts';
import { removeAbandoned } from './platform/unfinished.ts';
import type { WorkbenchApi } from './router.ts';
import { openHistory, type History } from './store/history.ts';
import { liveFolder, LiveProgress } from './training/liveProgress.ts';
import { forkTrainer, type StartTrainer } from './training/trainerHost.ts';
import { Training, type PreparedJob } from './training/training.ts';
import { version } from './version.ts';
import { AuditJobs } from './workbench/audits.ts';
import { buildAuditsApi } from './workbench/auditsApi.ts';
import { BundleTransfers } from './workbench/bundleTransfers.ts';
import { checkEngineMemory, checkMasks } from './workbench/checkRuns.ts';
import { buildDatasetsApi, DatasetCache } from './workbench/datasetsApi.ts';
import { buildEnginesApi, EngineChoice } from './workbench/enginesApi.ts';
import type { Concepts } from './workbench/concepts.ts';
import { openExplaining, type Explaining } from './workbench/explaining.ts';
import type { Explanations } from './workbench/explanations.ts';
import { buildExamplesApi } from './workbench/examplesApi.ts';
import { buildFiguresApi } from './workbench/figuresApi.ts';
import { Follower, type FollowerParts } from './workbench/follower.ts';
import { createFigureSource } from './workbench/figureSource.ts';
import { createFigureWorker, type FigureWorker } from './workbench/figureWorker.ts';
import { buildHistoryApi } from './workbench/historyApi.ts';
import { DerivedMetrics } from './workbench/derivedMetrics.ts';
import { RemoteFollower } from './workbench/remoteFollower.ts';
import { RunDatasets } from './workbench/runDatasets.ts';
import { buildRunChecks } from './workbench/runChecks.ts';
import { engineOf, threadsOf } from './workbench/runEngine.ts';
import { buildRunsApi } from './workbench/runsApi.ts';
import { buildStatisticsApi } from './workbench/statisticsApi.ts';
import { buildStudiesApi } from './workbench/studiesApi.ts';

export interface WorkbenchOptions {
  /** Folder of the history, the data sets and the engines; made if it is not there. */
  dataDir: string;
  /** Trainers side by side; by default what fills the cores with the default engine. */
  jobs?: number | undefined;
  /** Of the engine in each trainer; by default the cores' even share. */
  threads?: number | undefined;
  startTrainer?: StartTrainer;
  /** Longest time between two checkpoints of a run, ms. */
  checkpointIntervalMs?: number;
}

const defaultCheckpointIntervalMs = 60_000;

/**
 * Everything that the command line, the server and the window talk to. It knows none of them, and
 * learning only as processes that it starts.
 */
export interface Workbench {
  history: History;
  library: DatasetLibrary;
  training: Training;
  datasets: RunDatasets;
  engines: EngineChoice;
  explanations: Explanations;
  concepts: Concepts;
  audits: AuditJobs;
  events: EventLog;
  api: WorkbenchApi;
  jobs: number;
  /** Pauses what is training, so that it can be resumed, and closes the history. */
  close: () => Promise<void>;
}

/**
 * One trainer per core: two on one thread each get more done than one on two threads, on either
 * engine. A GPU takes two: one computes steps while the other starts, evaluates or is recorded, 30% of an epoch
 * (bench/README.md).
 */
async function chooseJobs(dataDir: string): Promise<number> {
  const installed = await findCurrentEngine(dataDir).catch(() => null);
  return installed?.manifest.gpu === true ? 2 : availableParallelism();
}

/** Settles on which images a run is trained, once: whatever its data set's name means later. */
async function assignData(
  runId: string,
  { history, library }: { history: History; library: DatasetLibrary },
): Promise<void> {
  const { config } = history.runs.get(runId);
  const { record } = await library.resolve(config.data.dataset);
  const { train, test } = await library.load(record);
  history.splits.assign(runId, record.id, computeSplit(train.labels, test.labels, config.data));
}

/** Gathers a run's job: its data set and split are settled at its first start and stored. */
async function prepareJob(
  runId: string,
  parts: {
    dataDir: string;
    history: History;
    library: DatasetLibrary;
    datasets: RunDatasets;
    sideBySide: number;
    threads: number | undefined;
    engines: EngineChoice;
    checkpointIntervalMs: number;
  },
): Promise<PreparedJob> {
  const { dataDir, history, datasets, sideBySide, checkpointIntervalMs } = parts;
  const { config, seed } = history.runs.getSummary(runId);
  if (history.splits.getDataset(runId) === null) await assignData(runId, parts);
  const { path, record } = await datasets.locate(runId);
  const { split } = history.splits.get(runId) ?? neverAssigned();
  const engine = await engineOf(runId, parts);
  checkMasks(config, record);
  checkEngineMemory(history.runs.getSummary(runId), engine, record);
  const installed = engine === 'native' ? await findCurrentEngine(dataDir) : null;
  const share = Math.max(1, Math.floor(availableParallelism() / sideBySide));
  const threads = threadsOf(runId, engine, parts, share);
  const environment = installed
    ? nativeEnvironment(
        { threads, gpu: installed.manifest.gpu, folder: installed.folder },
        process.env,
      )
    : {};
  const checkpoint = history.checkpoints.get(runId);
  const engineFolder = installed?.folder ?? null;
  const job = {
    runId,
    config,
    seed,
    engine,
    engineFolder,
    threads,
    datasetPath: path,
    datasetId: record.id,
    split,
    checkpoint,
    checkpointIntervalMs,
  };
  return { job, environment };
}

function neverAssigned(): never {
  throw new Error('a split that was just stored is not there');
}

/** Where something is ever in the making. */
const foldersOf = (dataDir: string) => ({
  history: dataDir,
  datasets: join(dataDir, 'datasets'),
  engines: enginesFolder(dataDir),
  transfers: join(dataDir, 'crossing-bundles'),
  live: liveFolder(dataDir),
});

/** Opens what a data folder holds, without what processes left there that were killed. */
async function openFolder(dataDir: string) {
  const folders = foldersOf(dataDir);
  const history = openHistory({ dataDir, version });
  await Promise.all(Object.values(folders).map(removeAbandoned));
  const library = new DatasetLibrary(folders.datasets, history.datasets, {
    reader: separateReader,
  });
  return { folders, history, library };
}

/** Makes room, beside everything else, and as far as it comes until it is ended. */
function startTidying(history: History): { end: () => Promise<void> } {
  const ending = new AbortController();
  history.keepReserve();
  const tidied = history.dropSpentCheckpoints(ending.signal).catch((error: unknown) => {
    console.error('Checkpoints of runs that are done could not be removed:', error);
  });
  return {
    end: () => {
      ending.abort();
      return tidied;
    },
  };
}

/** Each part ends whether or not another can: a run is paused whatever a figure does. */
async function end(parts: {
  history: History;
  training: Training;
  figureWorker: FigureWorker;
  transfers: BundleTransfers;
  explaining: Explaining;
  tidying: ReturnType<typeof startTidying>;
  follower: Follower;
  live: LiveProgress;
  remote: RemoteFollower;
}): Promise<void> {
  const { history, training, figureWorker, transfers, explaining, tidying } = parts;
  parts.follower.close();
  try {
    await takeAll([
      () => tidying.end(),
      () => training.pauseAll(),
      () => figureWorker.close(),
      () => transfers.close(),
      () => explaining.close(),
      () => parts.remote.close(),
    ]);
  } finally {
    parts.live.close();
    history.close();
  }
}

/** What others do is told here, and to nobody else again. */
const follow = ({
  events,
  ...parts
}: Omit<FollowerParts, 'publish'> & { events: EventLog }): Follower =>
  new Follower({
    ...parts,
    publish: (event) => {
      events.publish(event);
    },
  });

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { dataDir, startTrainer = forkTrainer } = options;
  const { folders, history, library } = await openFolder(dataDir);
  const events = new EventLog();
  const live = new LiveProgress(dataDir, history.owners);
  const publish = (event: WorkbenchEvent): void => {
    events.publish(event);
    live.note(event);
  };
  const jobs = options.jobs ?? (await chooseJobs(dataDir));
  const { threads, checkpointIntervalMs = defaultCheckpointIntervalMs } = options;
  const engines = new EngineChoice(dataDir);
  const cache = new DatasetCache(library);
  const datasets = new RunDatasets(history, cache);
  const parts = { dataDir, history, library, datasets, engines, threads, checkpointIntervalMs };
  const training = new Training({
    history,
    jobs,
    startTrainer,
    prepare: (runId, sideBySide) => prepareJob(runId, { ...parts, sideBySide }),
    publish,
  });
  const follower = follow({ history, training, live, events });
  const remote = new RemoteFollower({ history, library, publish });
  const tidying = startTidying(history);
  const figureWorker = createFigureWorker(dataDir);
  const derivedMetrics = new DerivedMetrics(history, datasets);
  const explaining = openExplaining({ dataDir, history, datasets });
  const { derived, explanations, concepts } = explaining;
  const audits = new AuditJobs(history, datasets);
  // From a folder that cannot be written, runs leave by way of the system's.
  const transfers = new BundleTransfers(history.isReadOnly ? tmpdir() : folders.transfers);
  const list = () => Promise.resolve(history.datasets.list());
  const ofRuns = {
    ...{ history, training, transfers, library, derived, publish },
    ...buildRunChecks({ ...parts, jobs }),
  };
  const runs = buildRunsApi(ofRuns);
  const api: WorkbenchApi = {
    events: (_, { lastEventId, signal }) => events.read({ lastEventId, signal }),
    runs,
    studies: buildStudiesApi({ ...ofRuns, runs, remote }),
    examples: buildExamplesApi({ history, datasets, derivedMetrics, ...explaining, publish }),
    statistics: buildStatisticsApi({ history, derivedMetrics }),
    audits: buildAuditsApi(history, audits),
    datasets: buildDatasetsApi({ library, cache, publish, list }),
    engines: buildEnginesApi(dataDir, engines, publish),
    figures: buildFiguresApi({
      figures: history.figures,
      source: createFigureSource(history, cache, explaining),
      worker: figureWorker,
      publish,
    }),
    ...buildHistoryApi({ history, library, derived }),
  };
  const making = { figureWorker, transfers, explaining, tidying };
  const open = { history, training, follower, live, remote, ...making };
  const served = { history, library, training, datasets, engines, explanations, concepts, audits };
  return { ...served, events, api, jobs, close: () => end(open) };
}
