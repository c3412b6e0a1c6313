import { defineStore } from 'pinia';
import type { Api } from '../api.ts';
import type { NewRun } from '../../shared/contract.ts';
import type { EngineName, RunSummary } from '../../core/records.ts';
import type { TagChange } from '../../core/tags.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { createRunCollection } from './runCollection.ts';
import type { RunCollection } from './runCollection.ts';
import { createRunLoading } from './runLoading.ts';

export type { RunProgress } from './runCollection.ts';

/** Calls that change runs; what they answer is kept at once, without waiting for its event. */
function createRunActions({ runs }: Api['client'], { keep, forget }: RunCollection) {
  const keepAll = (changed: RunSummary[]): RunSummary[] => {
    changed.forEach(keep);
    return changed;
  };
  const keepOne = (changed: RunSummary): RunSummary => {
    keep(changed);
    return changed;
  };
  return {
    /** `keepCheckpoints` undefined: as Settings say. */
    create: async (newRuns: NewRun[], engine: EngineName | null, keepCheckpoints?: boolean) =>
      keepAll(await runs.create({ runs: newRuns, engine, keepCheckpoints })),
    rename: async (runId: string, name: string) => keepOne(await runs.rename({ runId, name })),
    setNote: async (runId: string, note: string) => keepOne(await runs.note({ runId, note })),
    changeTags: async (runId: string, change: TagChange) =>
      keepOne(await runs.tag({ runId, ...change })),
    /** Moves runs to the bin; see `useRunActions` for the same with undo. */
    moveToBin: async (runIds: string[]) => keepAll(await runs.delete({ runIds })),
    restore: async (runIds: string[]) => keepAll(await runs.restore({ runIds })),
    purge: async (runIds: string[]) => {
      await runs.purge({ runIds });
      runIds.forEach(forget);
    },
    pause: async (runId: string) => keepOne(await runs.pause({ runId })),
    /** `epochs`: how many it shall have in all, where not as many as it was to have. */
    resume: async (runId: string, epochs?: number) =>
      keepOne(await runs.resume({ runId, ...(epochs !== undefined && { epochs }) })),
    planExtension: (runId: string, epochs: number) => runs.extension({ runId, epochs }),
    stop: async (runId: string) => keepOne(await runs.stop({ runId })),
  };
}

/**
 * Every run the workbench knows, the bin included, kept current from its events; full runs with all
 * epochs for those that a view has asked for with `ensureRun`.
 */
export const useRunsStore = defineStore('runs', () => {
  const client = useClient();
  const collection = createRunCollection();
  const { reload, ...loading } = createRunLoading(client, collection);

  useConnectionStore().listen((event) => {
    collection.applyEvent(event);
    if (event.type === 'reset') reload();
  });

  return {
    runs: collection.runs,
    bin: collection.bin,
    running: collection.running,
    ...loading,
    /** The summary of a run, or undefined while the list is loading or where there is none. */
    summaryOf: (runId: string) => collection.summaries.get(runId),
    /** The full run, or undefined until `ensureRun` has loaded it. Reactive. */
    detailOf: (runId: string) => collection.details.get(runId),
    progressOf: (runId: string) => collection.progress.get(runId),
    ...createRunActions(client, collection),
  };
});
