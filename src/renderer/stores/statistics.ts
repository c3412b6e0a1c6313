import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type {
  Comparison,
  EpochChoice,
  MetricTableQuery,
  TableFormat,
} from '../../core/statistics/comparison.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { ByteLru } from '../examples/byteLru.ts';
import { useLatest } from '../composables/useLatest.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { follow } from './tasks.ts';

/** Of comparisons that stay in memory, as JSON: some hundreds of them. */
const keptBytes = 2 ** 20;

/** Tests of the runs under comparison; of several asked for in a row the last one counts. */
export const useStatisticsStore = defineStore('statistics', () => {
  const client = useClient();
  const comparison = shallowRef<Comparison | null>(null);
  const progress = shallowRef<LongTaskProgress | null>(null);

  const kept = new ByteLru<string, Comparison>(keptBytes);
  // A run that comes back under its id may have been trained on; a renamed one is another key.
  useConnectionStore().listen(({ type }) => {
    if (type === 'reset' || type === 'purged') kept.deleteWhere(() => true);
  });

  const loading = useLatest(
    async (signal: AbortSignal, key: string, runIds: readonly string[], epoch: EpochChoice) => {
      progress.value = null;
      const query = { runIds: [...runIds], epoch };
      const made = await follow<Comparison>(
        await client.statistics.compare(query, { signal }),
        (step) => {
          if (!signal.aborted) progress.value = step;
        },
      );
      kept.set(key, made, JSON.stringify(made).length);
      return made;
    },
  );
  watch(loading.value, (loaded) => (comparison.value = loaded ?? null), { flush: 'sync' });

  /**
   * Compares runs, at once where that was done before.
   *
   * @param measured what else the tests depend on: the runs' names, and the epochs that `epoch` means now
   */
  async function compare(
    runIds: readonly string[],
    epoch: EpochChoice,
    measured = '',
  ): Promise<void> {
    const key = JSON.stringify([runIds, epoch, measured]);
    const known = kept.get(key);
    if (known === undefined) return loading.load(key, runIds, epoch);
    loading.clear();
    comparison.value = known;
  }

  /** Drops what is shown and what is on its way. */
  function clear(): void {
    loading.clear();
    comparison.value = null;
  }

  /** The text of a table of metrics, in the format asked for. */
  const writeTable = async (
    query: Pick<MetricTableQuery, 'runIds' | 'epoch' | 'group' | 'format'>,
  ): Promise<string> =>
    follow<string>(
      await client.statistics.metricTable({ ...query, boldBest: true }),
      () => undefined,
    );

  /** The text of the table of tests that is shown. */
  const writeTests = async (shown: Comparison, format: TableFormat): Promise<string> =>
    client.statistics.comparisonTable({ comparison: shown, format });

  return {
    comparison: computed(() => comparison.value),
    progress: computed(() => progress.value),
    error: computed(() => loading.error.value),
    pending: loading.pending,
    compare,
    clear,
    writeTable,
    writeTests,
  };
});
