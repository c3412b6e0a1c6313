import type { WorkbenchEvent } from '../../shared/contract.ts';
import type { EngineName, RunSummary } from '../../core/records.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { breathe } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { DerivedCache } from '../store/cache/derivedCache.ts';
import type { History } from '../store/history.ts';
import type { Training } from '../training/training.ts';
import type { BundleTransfers } from './bundleTransfers.ts';
import { buildBundlesApi } from './bundlesApi.ts';

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

type TrainingCalls = 'pause' | 'resume' | 'stop' | 'queue' | 'reorder';

/** What is asked of trainers, those of other processes too. */
const buildTrainingCalls = (
  { history, training, checkResumed }: RunsApiParts,
  change: (runId: string, apply: () => void) => Promise<RunSummary>,
): Pick<WorkbenchApi['runs'], TrainingCalls> => ({
  pause: ({ runId }) => change(runId, () => training.pause(runId)),
  resume: async ({ runId }) => {
    training.checkResumable(runId);
    await checkResumed(runId);
    return change(runId, () => training.resume(runId));
  },
  stop: async ({ runId }) => {
    await training.stop(runId);
    return history.runs.getSummary(runId);
  },
  queue: () => Promise.resolve(history.queue.list()),
  reorder: ({ runIds }) => Promise.resolve(training.reorder(runIds)),
});

export function buildRunsApi(parts: RunsApiParts): WorkbenchApi['runs'] {
  const { history, training, derived, publish, estimate } = parts;
  const { runs, tags } = history;
  const announce = buildAnnounce(parts);
  const changeAll = (runIds: readonly string[], apply: () => void): Promise<RunSummary[]> => {
    apply();
    return Promise.resolve(announce(runIds));
  };
  const change = async (runId: string, apply: () => void): Promise<RunSummary> => {
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
    create: async ({ runs: wanted, engine }) => {
      await parts.check(wanted, engine);
      // Claimed with being stored, before another process that starts could take them as left over.
      const created = history.transaction(() => {
        const ids = runs.insertAll(wanted, engine).map(({ id }) => id);
        for (const id of ids) history.owners.claim(id);
        return ids;
      });
      const summaries = announce(created);
      training.submit(created);
      return summaries;
    },
    estimate,
    rename: ({ runId, name }) => change(runId, () => runs.rename(runId, name)),
    note: ({ runId, note }) => change(runId, () => runs.setNote(runId, note)),
    tag: ({ runId, tags: wanted }) => change(runId, () => tags.set(runId, wanted)),
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
    ...buildTrainingCalls(parts, change),
    ...buildBundlesApi({ history, library: parts.library, transfers: parts.transfers, announce }),
  };
}
