import { ref, shallowRef } from 'vue';
import type { Api } from '../api.ts';
import type { Run, RunSummary } from '../../core/records.ts';
import { inBatches } from '../composables/inBatches.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import type { RunCollection } from './runCollection.ts';

/**
 * After the first, pieces of a list are kept together for so long, ms: all that shows runs sorts,
 * counts and filters every one of them each time that some come.
 */
const keepIntervalMs = 250;

/** Fills a collection: the whole list, and single runs on demand. */
export function createRunLoading(client: Api['client'], collection: RunCollection) {
  const { heardOf, summaries, keep, forget } = collection;
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const error = shallowRef<UserError | null>(null);
  const loading = new Map<string, Promise<Run>>();
  let loads = 0;

  /** Keeps the runs of a list as they arrive, but for what events told better; returns their ids. */
  async function loadList(deleted: boolean, isCurrent: () => boolean): Promise<string[]> {
    const ids: string[] = [];
    const pieces = inBatches<RunSummary>(keepIntervalMs, (batch) => {
      if (!isCurrent()) return;
      for (const run of batch.values()) if (!heardOf.has(run.id)) keep(run);
    });
    for await (const piece of await client.runs.list({ deleted })) {
      if (!isCurrent()) break;
      pieces.putAll(piece.map((run) => [run.id, run]));
      ids.push(...piece.map(({ id }) => id));
    }
    pieces.flush();
    return ids;
  }

  async function load(): Promise<void> {
    const thisLoad = (loads += 1);
    const isCurrent = (): boolean => thisLoad === loads;
    heardOf.clear();
    try {
      const lists = await Promise.all([loadList(false, isCurrent), loadList(true, isCurrent)]);
      if (!isCurrent()) return;
      const listed = new Set(lists.flat());
      for (const id of summaries.keys()) if (!listed.has(id) && !heardOf.has(id)) forget(id);
      state.value = 'ready';
      error.value = null;
    } catch (caught) {
      if (!isCurrent()) return;
      state.value = 'failed';
      error.value = toUserError(caught);
    }
  }

  function loadRun(runId: string): Promise<Run> {
    collection.heardEpochs.delete(runId);
    const promise = client.runs
      .get({ runId })
      .then(collection.keepDetail)
      .finally(() => {
        if (loading.get(runId) === promise) loading.delete(runId);
      });
    loading.set(runId, promise);
    return promise;
  }

  /** The run with all its epochs, kept current from now on. Rejects where there is no such run. */
  function ensureRun(runId: string): Promise<Run> {
    const kept = collection.details.get(runId);
    return kept === undefined ? (loading.get(runId) ?? loadRun(runId)) : Promise.resolve(kept);
  }

  /** Everything again, after events were missed. */
  function reload(): void {
    void load();
    for (const runId of collection.details.keys()) loadRun(runId).catch(() => undefined);
  }

  return { state, error, load, ensureRun, reload };
}
