import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type {
  Comparison,
  EpochChoice,
  MetricTableQuery,
  TableFormat,
} from '../../core/statistics/comparison.ts';
import type { LongTaskProgress } from '../../shared/contract.ts';
import { useLatest } from '../composables/useLatest.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { follow } from './tasks.ts';

/** Comparisons that stay in memory; a few kilobytes each. */
const mostKept = 32;

/** What was compared, by what it is of; the one used last at the end. */
function createMemory() {
  const kept = new Map<string, Comparison>();
  function keep(key: string, made: Comparison): void {
    kept.delete(key);
    kept.set(key, made);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  }
  return { kept, keep };
}

/** Tests of the runs under comparison; of several asked for in a row the last one counts. */
export const useStatisticsStore = defineStore('statistics', () => {
  const client = useClient();
  const comparison = shallowRef<Comparison | null>(null);
  const progress = shallowRef<LongTaskProgress | null>(null);

  const { kept, keep } = createMemory();
  // A run that comes back under its id may have been trained on; a renamed one is another key.
  useConnectionStore().listen(({ type }) => {
    if (type === 'reset' || type === 'purged') kept.clear();
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
      keep(key, made);
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
    keep(key, known);
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
