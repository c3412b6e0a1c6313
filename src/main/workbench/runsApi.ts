import type { NewRun } from '../../shared/contract.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { EngineName, RunSummary } from '../../core/records.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { breathe, streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { DerivedCache } from '../store/cache/derivedCache.ts';
import type { History } from '../store/history.ts';
import type { Training } from '../training/training.ts';
import type { BundleTransfers } from './bundleTransfers.ts';
import { buildBundlesApi } from './bundlesApi.ts';

/** How new runs are trained. */
export interface RunRequest {
  /** Null: whichever is the default when they start. */
  engine: EngineName | null;
  /** Left out: as `history.keepCheckpoints` said. */
  keepCheckpoints?: boolean | undefined;
}

export interface RunsApiParts {
  history: History;
  training: Training;
  library: DatasetLibrary;
  transfers: BundleTransfers;
  /** What was computed of runs, which goes with them. */
  derived: Pick<DerivedCache, 'dropRuns'>;
  publish: (event: WorkbenchEvent) => void;
  /** Throws unless runs of these configs can begin. */
  check: (runs: readonly { config: RunConfig }[], engine: EngineName | null) => Promise<void>;
  /** Throws unless a run could go on here: on its images, its engine and in the memory that there is. */
  checkResumed: (runId: string) => Promise<void>;
  estimate: WorkbenchApi['runs']['estimate'];
}

/** Tells everyone, and the caller, how runs are now. */
const buildAnnounce =
  ({ history, publish }: Pick<RunsApiParts, 'history' | 'publish'>) =>
  (runIds: readonly string[]): RunSummary[] =>
    runIds.map((runId) => {
      const run = history.runs.getSummary(runId);
      publish({ type: 'run', run });
      return run;
    });

/** Stores runs that this process will train: claimed with being stored, before another that starts could take them as left over. */
export function storeRuns(
  { history }: Pick<RunsApiParts, 'history'>,
  wanted: readonly NewRun[],
  { engine, keepCheckpoints = history.space.keepsCheckpoints }: RunRequest,
): string[] {
  return history.transaction(() => {
    const ids = history.runs.insertAll(wanted, engine).map(({ id }) => id);
    for (const id of ids) {
      history.owners.claim(id);
      history.checkpoints.setKept(id, keepCheckpoints);
    }
    return ids;
  });
}

/** Tells of stored runs and queues them. */
export function beginRuns(
  parts: Pick<RunsApiParts, 'history' | 'publish' | 'training'>,
  runIds: readonly string[],
): RunSummary[] {
  const summaries = buildAnnounce(parts)(runIds);
  parts.training.submit(runIds);
  return summaries;
}

type Change = (runId: string, apply: () => void) => Promise<RunSummary>;

/** What begins runs and lets them go on. */
function buildTrainingApi(
  parts: RunsApiParts,
  change: Change,
): Pick<
  WorkbenchApi['runs'],
  'create' | 'estimate' | 'pause' | 'resume' | 'extension' | 'stop' | 'queue' | 'reorder'
> {
  const { history, training, estimate } = parts;
  const { runs } = history;
  return {
    create: async ({ runs: wanted, engine, keepCheckpoints }) => {
      await parts.check(wanted, engine);
      return beginRuns(parts, storeRuns(parts, wanted, { engine, keepCheckpoints }));
    },
    estimate,
    pause: ({ runId }) => change(runId, () => training.pause(runId)),
    resume: async ({ runId, epochs, inTurn }) => {
      if (epochs === undefined) training.checkResumable(runId);
      else training.planExtension(runId, epochs);
      await parts.checkResumed(runId);
      return change(runId, () => training.resume(runId, epochs, inTurn));
    },
    extension: ({ runId, epochs }) => Promise.resolve(training.planExtension(runId, epochs)),
    stop: async ({ runId }) => {
      await training.stop(runId);
      return runs.getSummary(runId);
    },
    queue: () => Promise.resolve(history.queue.list()),
    reorder: ({ runIds }) => Promise.resolve(training.reorder(runIds)),
  };
}

export function buildRunsApi(parts: RunsApiParts): WorkbenchApi['runs'] {
  const { history, training, derived, publish } = parts;
  const { runs, tags } = history;
  const announce = buildAnnounce(parts);
  const changeAll = (runIds: readonly string[], apply: () => void): Promise<RunSummary[]> => {
    apply();
    return Promise.resolve(announce(runIds));
  };
  const change: Change = async (runId, apply) => {
    const [summary] = await changeAll([runId], apply);
    return summary ?? runs.getSummary(runId);
  };
  return {
    async *list({ deleted }) {
      for (const piece of runs.listInPieces({ deleted })) {
        yield piece;
        await breathe();
      }
    },
    get: ({ runId }) => Promise.resolve(runs.get(runId)),
    ...buildTrainingApi(parts, change),
    rename: ({ runId, name }) => change(runId, () => runs.rename(runId, name)),
    note: ({ runId, note }) => change(runId, () => runs.setNote(runId, note)),
    tag: ({ runId, ...wanted }) => change(runId, () => tags.change(runId, wanted)),
    delete: ({ runIds }) => {
      derived.dropRuns(runIds);
      return changeAll(runIds, () => {
        runs.delete(runIds);
        // What waits in the bin is not trained.
        training.heed(runIds);
      });
    },
    restore: ({ runIds }) =>
      changeAll(runIds, () => {
        runs.restore(runIds);
        training.heed(runIds);
      }),
    purge: async ({ runIds }) => {
      await history.purge(runIds);
      derived.dropRuns(runIds);
      for (const runId of runIds) publish({ type: 'purged', runId });
    },
    thin: ({ runIds, weights, checkpoints }, { signal }) =>
      streamTask(
        (onProgress, ending) =>
          history.space.thin(runIds, { weights, checkpoints }, { onProgress, signal: ending }),
        signal,
      ),
    ...buildBundlesApi({ history, library: parts.library, transfers: parts.transfers, announce }),
  };
}
