import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { usualBins, type Calibration } from '../../core/metrics/calibration.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import { useClient } from './client.ts';
import type { RunEpoch } from './compare.ts';
import { useConnectionStore } from './connection.ts';

const keyOf = ({ runId, epoch }: RunEpoch): string => `${runId} ${epoch}`;

/** Accuracy by confidence of runs at an epoch, each read once. */
export const useCalibrationStore = defineStore('calibration', () => {
  const client = useClient();
  const known = shallowReactive(new Map<string, Calibration>());
  const asked = new Set<string>();
  const running = ref(0);
  const error = shallowRef<UserError | null>(null);

  useConnectionStore().listen(({ type }) => {
    if (type !== 'reset' && type !== 'purged') return;
    known.clear();
    asked.clear();
  });

  /** Reads what is not known of these runs. */
  async function ensure(runs: readonly RunEpoch[]): Promise<void> {
    const missing = runs.filter((run) => !asked.has(keyOf(run)));
    if (missing.length === 0) return;
    for (const run of missing) asked.add(keyOf(run));
    running.value += 1;
    try {
      const found = await client.statistics.calibration({ runs: missing, bins: usualBins });
      for (const [i, calibration] of found.entries()) {
        const run = missing[i];
        if (run !== undefined) known.set(keyOf(run), calibration);
      }
      error.value = null;
    } catch (caught) {
      for (const run of missing) asked.delete(keyOf(run));
      error.value = toUserError(caught);
    } finally {
      running.value -= 1;
    }
  }

  return {
    ensure,
    calibrationOf: (run: RunEpoch): Calibration | undefined => known.get(keyOf(run)),
    pending: computed(() => running.value > 0),
    error: computed(() => error.value),
  };
});
