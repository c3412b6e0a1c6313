import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import type { ComparedMetricName } from '../../core/metrics/comparedMetrics.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import { useClient } from './client.ts';
import type { RunEpoch } from './compare.ts';
import { useConnectionStore } from './connection.ts';
import { follow } from './tasks.ts';

const keyOf = ({ runId, epoch }: RunEpoch, metric: ComparedMetricName): string =>
  `${runId} ${epoch} ${metric}`;

/** Epochs that are asked for in one call. */
const atOnce = 50;

/** Metrics of epochs that are not stored with them but computed when asked for; each once. */
export const useMeasuresStore = defineStore('measures', () => {
  const client = useClient();
  const values = shallowReactive(new Map<string, number | null>());
  const asked = new Set<string>();
  const running = ref(0);
  const error = shallowRef<UserError | null>(null);

  useConnectionStore().listen(({ type }) => {
    if (type !== 'reset' && type !== 'purged') return;
    values.clear();
    asked.clear();
  });

  async function measure(
    runs: readonly RunEpoch[],
    metrics: readonly ComparedMetricName[],
  ): Promise<void> {
    const call = client.statistics.measures({ runs: [...runs], metrics: [...metrics] });
    const rows = await follow<Partial<Record<ComparedMetricName, number | null>>[]>(
      await call,
      () => undefined,
    );
    for (const [i, run] of runs.entries())
      for (const metric of metrics) values.set(keyOf(run, metric), rows[i]?.[metric] ?? null);
  }

  /** Computes what is not known of these runs, piece by piece, until the signal says that nobody waits for it. */
  async function ensure(
    runs: readonly RunEpoch[],
    metrics: readonly ComparedMetricName[],
    signal?: AbortSignal,
  ): Promise<void> {
    const keysOf = (run: RunEpoch): string[] => metrics.map((metric) => keyOf(run, metric));
    const missing = runs.filter((run) => keysOf(run).some((key) => !asked.has(key)));
    if (missing.length === 0 || metrics.length === 0) return;
    for (const key of missing.flatMap(keysOf)) asked.add(key);
    running.value += 1;
    let done = 0;
    try {
      for (; done < missing.length && signal?.aborted !== true; done += atOnce)
        await measure(missing.slice(done, done + atOnce), metrics);
      error.value = null;
    } catch (caught) {
      error.value = toUserError(caught);
    } finally {
      for (const key of missing.slice(done).flatMap(keysOf)) asked.delete(key);
      running.value -= 1;
    }
  }

  /** Null where undefined, undefined where it is not known yet. */
  const valueOf = (run: RunEpoch, metric: ComparedMetricName): number | null | undefined =>
    values.get(keyOf(run, metric));

  return {
    ensure,
    valueOf,
    pending: computed(() => running.value > 0),
    error: computed(() => error.value),
  };
});
