import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { useLatest } from '../composables/useLatest.ts';
import { pairExamples } from '../examples/agreement.ts';
import type { PairedExamples } from '../examples/agreement.ts';
import type { EpochColumns } from '../examples/epochColumns.ts';
import { useExamplesStore } from './examples.ts';

/** One epoch of one run. */
export interface RunEpoch {
  runId: string;
  epoch: number;
}

/** What two runs said of the images that both evaluated. */
export interface ComparedEpochs {
  a: EpochColumns;
  b: EpochColumns;
  pairs: PairedExamples;
}

/** The two epochs whose examples are compared; of several asked for in a row the last one counts. */
export const useCompareStore = defineStore('compare', () => {
  const examples = useExamplesStore();
  const compared = shallowRef<ComparedEpochs | null>(null);

  const loading = useLatest(async (signal: AbortSignal, first: RunEpoch, second: RunEpoch) => {
    const [a, b] = await Promise.all([
      examples.loadEpoch(first.runId, first.epoch, signal),
      examples.loadEpoch(second.runId, second.epoch, signal),
    ]);
    return { a, b, pairs: pairExamples(a, b) };
  });
  watch(loading.value, (loaded) => (compared.value = loaded ?? null), { flush: 'sync' });

  function clear(): void {
    loading.cancel();
    compared.value = null;
  }

  return {
    compared: computed(() => compared.value),
    error: computed(() => loading.error.value),
    pending: loading.pending,
    open: loading.load,
    clear,
  };
});
