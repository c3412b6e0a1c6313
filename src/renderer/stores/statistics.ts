import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type {
  Comparison,
  EpochChoice,
  MetricTableQuery,
} from '../../core/statistics/comparison.ts';
import type { LongTaskProgress } from '../../shared/contract.ts';
import { useLatest } from '../composables/useLatest.ts';
import { useClient } from './client.ts';
import { follow } from './tasks.ts';

/** Tests of the runs under comparison; of several asked for in a row the last one counts. */
export const useStatisticsStore = defineStore('statistics', () => {
  const client = useClient();
  const comparison = shallowRef<Comparison | null>(null);
  const progress = shallowRef<LongTaskProgress | null>(null);

  const loading = useLatest(
    async (signal: AbortSignal, runIds: readonly string[], epoch: EpochChoice) => {
      progress.value = null;
      const query = { runIds: [...runIds], epoch };
      return follow<Comparison>(await client.statistics.compare(query, { signal }), (step) => {
        if (!signal.aborted) progress.value = step;
      });
    },
  );
  watch(loading.value, (loaded) => (comparison.value = loaded ?? null), { flush: 'sync' });

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

  return {
    comparison: computed(() => comparison.value),
    progress: computed(() => progress.value),
    error: computed(() => loading.error.value),
    pending: loading.pending,
    compare: loading.load,
    clear,
    writeTable,
  };
});
