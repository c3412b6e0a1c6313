import { computed, toValue } from 'vue';
import type { MaybeRefOrGetter, Ref } from 'vue';
import { useImagesStore } from '../stores/images.ts';
import type { UserError } from './userError.ts';

export interface TestImages {
  /** Counts up whenever images have arrived: what draws them later reads it to draw them again. */
  version: Readonly<Ref<number>>;
  /** Null: it cannot be had. */
  imageOf: (exampleId: number) => Uint8Array | null | undefined;
  /** Loads images, or has `problem` say why they cannot be had. */
  ensure: (exampleIds: Iterable<number>) => Promise<void>;
  /** Loads images ahead until `signal` aborts. */
  prefetch: (exampleIds: ArrayLike<number>, signal: AbortSignal) => Promise<void>;
  problem: Readonly<Ref<UserError | null>>;
}

/** The test images of a run by its `datasetId`; a run that has not begun has none. */
export function useTestImages(datasetId: MaybeRefOrGetter<string | null | undefined>): TestImages {
  const images = useImagesStore();
  const id = computed(() => toValue(datasetId) ?? null);
  const problem = computed(() => (id.value === null ? null : images.problemOf(id.value)));
  return {
    version: computed(() => images.version),
    imageOf: (exampleId) => {
      if (id.value === null) return undefined;
      return images.imageOf(id.value, exampleId) ?? (problem.value === null ? undefined : null);
    },
    ensure: async (exampleIds) => {
      if (id.value === null) return;
      await images.ensureImages(id.value, exampleIds).catch(() => undefined);
    },
    prefetch: async (exampleIds, signal) => {
      if (id.value === null) return;
      await images.prefetchImages(id.value, exampleIds, signal).catch(() => undefined);
    },
    problem,
  };
}
