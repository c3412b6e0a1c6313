import { paradigmOf } from '../../src/core/config/objectives.ts';
import { EventLog } from '../../src/main/eventLog.ts';
import type { WorkbenchApi } from '../../src/main/router.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { planExtension } from '../../src/core/extension.ts';
import type { Run, RunSummary } from '../../src/core/records.ts';
import { changeTags } from '../../src/core/tags.ts';
import { countTo } from './countTo.ts';
import { createFakeBundles } from './fakeBundles.ts';
import {
  fakeClassMapsFile,
  fakeConcepts,
  fakeExplanations,
  fakeEpochFile,
  fakeHistoryFile,
  listFakeExamples,
} from './fakeExamples.ts';
import { buildFakeFigures } from './fakeFigures.ts';
import { buildFakeLibrary, fakeAbsence, fakeDataset } from './fakeLibrary.ts';
import { createFakeMarks } from './fakeMarks.ts';
import { createFakeAudits } from './fakeAudits.ts';
import { fakeRefusal, fakeSizes } from './fakeSpace.ts';
import { createFakeStudies } from './fakeStudies.ts';
import { createFakeStatistics } from './fakeStatistics.ts';
import { bestEpochOf, fakeDatasetIds, fakeEpoch, fakeRun, summarize } from './fakeRuns.ts';
import { inOnePiece } from './pieces.ts';

export interface FakeOptions {
  /** How many runs there are: 0, 1, or more, of which some run, wait, failed or were interrupted. */
  runs: number;
  /** Pause of long calls between two words on their progress. */
  stepMs?: number;
  /** Milliseconds; runs began before it. */
  now?: number;
  /** As if some runs of the first study were on a cluster. */
  remote?: boolean;
  /** As if the images of all runs' data sets were elsewhere. */
  withoutImages?: boolean;
  /** As if the history could not be written; calls that write are not refused. */
  readOnly?: boolean;
}

/** A workbench in memory with made-up data: no files, no training. */
export interface FakeWorkbench {
  api: WorkbenchApi;
  /** What the store holds, by id. */
  runs: Map<string, Run>;
  publish: (event: WorkbenchEvent) => void;
  /** Moves every running run on by `steps` of the 100 that an epoch has here. */
  advance: (steps: number) => void;
}

const epochSteps = 100;
const remainingPerEpochMs = 62_000;

export function createFakeWorkbench(options: FakeOptions): FakeWorkbench {
  const {
    runs: count,
    stepMs = 120,
    now = Date.now(),
    withoutImages = false,
    remote = false,
  } = options;
  const imageProblem = withoutImages ? fakeAbsence : null;
  const runs = new Map<string, Run>();
  for (let index = count - 1; index >= 0; index -= 1) {
    const run = fakeRun(index, count, now);
    runs.set(run.id, run);
  }
  const log = new EventLog();
  const publish = (event: WorkbenchEvent): void => {
    log.publish(event);
  };
  const steps = new Map<string, number>();

  function find(runId: string): Run {
    const run = runs.get(runId);
    if (run !== undefined) return run;
    throw new AfterimageError('NOT_FOUND', `There is no run ${runId}.`, 'Look it up in the list.');
  }

  function change(runId: string, fields: Partial<Run>): RunSummary {
    const run = { ...find(runId), ...fields };
    runs.set(runId, run);
    const summary = summarize(run);
    publish({ type: 'run', run: summary });
    return summary;
  }

  const changeAll = (runIds: string[], fields: Partial<Run>): Promise<RunSummary[]> =>
    Promise.resolve(runIds.map((runId) => change(runId, fields)));

  function advance(by: number): void {
    for (const run of runs.values()) {
      if (run.status !== 'running') continue;
      const step = (steps.get(run.id) ?? 0) + by;
      const epoch = run.epochs.length;
      steps.set(run.id, step % epochSteps);
      if (step >= epochSteps) finishEpoch(run, epoch);
      else publish(progressOf(run, epoch, step));
    }
  }

  function finishEpoch(run: Run, epoch: number): void {
    const metrics = fakeEpoch(run.config, runs.size, epoch);
    const epochs = [...run.epochs, metrics];
    const done = epoch >= run.config.training.epochs;
    publish({ type: 'epoch', runId: run.id, metrics });
    const end = done ? { status: 'completed' as const, finishedAt: new Date().toISOString() } : {};
    change(run.id, { epochs, bestEpoch: bestEpochOf(epochs), ...end });
  }

  let created = 0;
  let keepsCheckpoints = false;
  const thinned = new Set<string>();
  let order: string[] = [];
  const api: WorkbenchApi = {
    events: (_input, options) => log.read(options),
    runs: {
      list: ({ deleted }) =>
        inOnePiece(
          [...runs.values()].filter((run) => (run.deletedAt !== null) === deleted).map(summarize),
        ),
      get: ({ runId }) => Promise.resolve(find(runId)),
      create: ({ runs: wanted }) =>
        Promise.resolve(
          wanted.map((newRun) => {
            const id = `new-${String((created += 1)).padStart(4, '0')}`;
            const now = new Date().toISOString();
            const fields = { id, status: 'queued' as const, createdAt: now, epochs: [], tags: [] };
            runs.set(id, { ...emptyRun, ...newRun, ...fields });
            return change(id, {});
          }),
        ),
      estimate: ({ configs }) =>
        Promise.resolve({
          durationMs: configs.reduce((sum, config) => sum + estimateMs(config), 0),
          basis: 'Recent runs trained at 1000 images/s; one run at a time, without early stopping.',
        }),
      rename: ({ runId, name }) => Promise.resolve(change(runId, { name })),
      note: ({ runId, note }) => Promise.resolve(change(runId, { note })),
      tag: ({ runId, ...wanted }) =>
        Promise.resolve(change(runId, { tags: changeTags(find(runId).tags, wanted) })),
      delete: ({ runIds }) => changeAll(runIds, { deletedAt: new Date().toISOString() }),
      restore: ({ runIds }) => changeAll(runIds, { deletedAt: null }),
      purge: ({ runIds }) => {
        for (const runId of runIds) {
          runs.delete(runId);
          publish({ type: 'purged', runId });
        }
        return Promise.resolve();
      },
      pause: ({ runId }) => Promise.resolve(change(runId, { status: 'paused' })),
      resume: ({ runId, epochs }) => {
        const { config } = find(runId);
        const datasetId = fakeDatasetIds[config.data.dataset] ?? null;
        const training = { ...config.training, ...(epochs !== undefined && { epochs }) };
        const extended = { ...config, training };
        return Promise.resolve(change(runId, { status: 'running', datasetId, config: extended }));
      },
      stop: ({ runId }) => Promise.resolve(change(runId, { status: 'stopped' })),
      queue: () => Promise.resolve(order),
      reorder: ({ runIds }) => {
        order = runIds;
        publish({ type: 'queue', runIds });
        return Promise.resolve(runIds);
      },
      extension: ({ runId, epochs }) => {
        const run = summarize(find(runId));
        return Promise.resolve(planExtension(run, epochs, false));
      },
      thin: ({ runIds, weights }, { signal }) => {
        if (weights) for (const runId of runIds) thinned.add(runId);
        return countTo('Weights', 20, stepMs, signal, undefined);
      },
      ...createFakeBundles(() => [...runs.keys()], stepMs),
    },
    examples: {
      ...createFakeMarks(publish),
      list: (query) => Promise.resolve(listFakeExamples(find(query.runId), query)),
      epoch: ({ runId, epoch }) => Promise.resolve(fakeEpochFile(find(runId), epoch)),
      history: ({ runId, exampleId }) =>
        Promise.resolve(fakeHistoryFile(find(runId), exampleId, imageProblem)),
      classMaps: ({ runId, exampleId }) =>
        Promise.resolve(fakeClassMapsFile(find(runId), exampleId)),
      explain: ({ exampleId, epoch, methods }, { signal }) => {
        const isSlow = methods.some(({ name }) => name === 'rise');
        const answer = fakeExplanations(exampleId, epoch, methods.length);
        return countTo('Explaining', isSlow ? 40 : 1, stepMs, signal, answer);
      },
      concepts: ({ runId, epoch, examples }, { signal }) =>
        countTo(
          'Relevance of channels',
          20,
          stepMs,
          signal,
          fakeConcepts(find(runId), epoch, examples),
        ),
    },
    ...buildFakeLibrary(publish, { stepMs, imageProblem }),
    history: {
      info: () =>
        Promise.resolve({
          dataDir: '/home/researcher/.local/share/afterimage',
          version: '0.1.0',
          bytes: 2_400_000 + runs.size * 61_000_000,
          freeBytes: 12_300_000,
          runSizes: Object.fromEntries(
            [...runs.values()].map((run) => [run.id, fakeSizes(run, thinned.has(run.id))]),
          ),
          keepsCheckpoints,
        }),
      access: () => Promise.resolve({ readOnly: options.readOnly === true ? fakeRefusal : null }),
      keepCheckpoints: ({ keep }) => {
        keepsCheckpoints = keep;
        return Promise.resolve();
      },
      compact: (_input, { signal }) => countTo('Giving space back', 20, stepMs, signal, undefined),
      verify: (_input, { signal }) =>
        countTo('Reading weights', 40, stepMs, signal, [
          'Run run-0004, epoch 7: 1 of 10,000 maps does not match its checksum.',
        ]),
      backup: (_input, { signal }) => countTo('Copying', 40, stepMs, signal, undefined),
    },
    cache: buildCache(),
    statistics: createFakeStatistics(find, stepMs),
    audits: createFakeAudits(find),
    studies: createFakeStudies({ remote, runs, publish, api: () => api.runs }),
    filters: buildFilters(),
    figures: buildFakeFigures({ find, dataset: fakeDataset('mnist', 0.1307, 0.3081), publish }),
  };
  return { api, runs, publish, advance };
}

/** A curve that falls and shakes, a value for each tenth step. */
function fakeStepLosses(step: number): { steps: number[]; losses: number[] } {
  const steps = Array.from({ length: Math.floor(step / 10) }, (_, i) => 10 * (i + 1));
  return {
    steps,
    losses: steps.map((at) => 0.1 + 0.05 * Math.exp(-at / 200) + 0.01 * Math.sin(at)),
  };
}

const progressOf = (run: Run, epoch: number, step: number): WorkbenchEvent => ({
  type: 'progress',
  runId: run.id,
  progress: {
    phase: 'training',
    epoch,
    epochs: run.config.training.epochs,
    step,
    steps: epochSteps,
    loss: 0.2,
    terms: { crossEntropy: 0.1, ...(paradigmOf(run.config) === 'R' && { contrastive: 14.2 }) },
    accuracy: 0.97,
    imagesPerSecond: 1_012,
  },
  remainingMs: (run.config.training.epochs - epoch + 1 - step / epochSteps) * remainingPerEpochMs,
  stepLosses: fakeStepLosses(step),
});

const estimateMs = ({ data, training }: Run['config']): number =>
  ((data.trainExamples ?? 60_000) * training.epochs) / 1.0;

const emptyRun = {
  datasetId: null,
  engine: null,
  bestEpoch: null,
  note: '',
  error: null,
  startedAt: null,
  finishedAt: null,
  deletedAt: null,
};

function buildFilters(): WorkbenchApi['filters'] {
  const filters = new Map([['Paper, both paradigms', 'tag=paper&group=1']]);
  const list = (): Promise<{ name: string; query: string }[]> =>
    Promise.resolve([...filters].map(([name, query]) => ({ name, query })));
  return {
    list,
    save: ({ name, query }) => {
      filters.set(name, query);
      return list();
    },
    remove: ({ name }) => {
      filters.delete(name);
      return list();
    },
  };
}

function buildCache(): WorkbenchApi['cache'] {
  const info = { bytes: 37_400_000, limitBytes: 256e6 };
  return {
    info: () => Promise.resolve(info),
    limit: ({ limitBytes }) => Promise.resolve(Object.assign(info, { limitBytes })),
    clear: () => Promise.resolve(Object.assign(info, { bytes: 0 })),
  };
}
