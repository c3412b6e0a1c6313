import { computed, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import type { RunSummary } from '../../../core/records.ts';
import { numberParam, useQueryParam } from '../../composables/useQueryParam.ts';
import { placeInList } from '../../examples/ordering.ts';
import type { ListPlace } from '../../examples/ordering.ts';
import { openingQuadrants, quadrants } from '../../examples/quadrants.ts';
import { useCompareStore } from '../../stores/compare.ts';
import { useExamplesStore } from '../../stores/examples.ts';
import { listDisagreements, useAgreementParams } from '../compare/agreementQuery.ts';
import { useGalleryParams } from '../gallery/galleryQuery.ts';
import { useClassNames, useGalleryList } from '../gallery/useGalleryList.ts';
import { automaticEpoch } from '../run/runEpoch.ts';

export interface ExampleList {
  place: Readonly<Ref<ListPlace>>;
  count: Readonly<Ref<number>>;
  /** Below this confidence the list calls a prediction unsure. */
  threshold: Readonly<Ref<number>>;
}

const epochOf = (run: RunSummary | undefined): number | null =>
  run === undefined ? null : automaticEpoch(run);

/**
 * The list that an example was opened from, as its URL tells: a gallery at epoch `at`, or the
 * examples on which two runs disagree. It is loaded once the example itself is there.
 */
export function useExampleList(
  main: Readonly<Ref<RunSummary | undefined>>,
  besides: Readonly<Ref<readonly RunSummary[]>>,
  exampleId: Readonly<Ref<number>>,
  isOpen: Readonly<Ref<boolean>>,
): ExampleList {
  const compare = useCompareStore();
  const beside = computed(() => besides.value[0]);
  const at = useQueryParam('at', numberParam(null));
  const params = useAgreementParams(computed(() => compare.compared?.a.classNames ?? []));
  const classNames = shallowRef<readonly string[]>([]);
  const ofRun = computed(() => main.value?.config.evaluation.lowConfidenceThreshold ?? 0.6);
  const datasetId = computed(() => main.value?.datasetId ?? null);
  const { query, threshold } = useGalleryParams(ofRun, openingQuadrants, classNames, datasetId);

  const isPair = computed(() => params.agreement.value !== null && beside.value !== undefined);
  /** An example that was opened by its number is followed by the next number. */
  const listed = computed(() =>
    at.value === null
      ? { ...query.value, quadrants, sort: 'exampleId' as const, descending: false }
      : query.value,
  );
  const gallery = useGalleryList(
    computed(() => main.value?.id ?? ''),
    computed(() => (isOpen.value && !isPair.value ? (at.value ?? epochOf(main.value)) : null)),
    listed,
  );
  useClassNames(gallery, classNames);

  const pairAt = computed(() => {
    const [a, b] = [main.value, beside.value];
    if (!isOpen.value || !isPair.value || a === undefined || b === undefined) return null;
    const epochA = params.epochA.value ?? epochOf(a);
    const epochB = params.epochB.value ?? epochOf(b);
    if (epochA === null || epochB === null) return null;
    return [
      { runId: a.id, epoch: epochA },
      { runId: b.id, epoch: epochB },
    ] as const;
  });
  watch(
    () => JSON.stringify(pairAt.value),
    () => {
      if (pairAt.value !== null) void compare.open(...pairAt.value);
    },
    { immediate: true },
  );

  const ids = computed(() => {
    if (!isPair.value) return gallery.exampleIds.value;
    return compare.compared === null
      ? new Uint32Array(0)
      : listDisagreements(compare.compared, params.filter.value);
  });
  const place = computed(() => placeInList(ids.value, exampleId.value));

  usePrefetch(place, () => [main.value, ...besides.value]);
  return { place, count: computed(() => ids.value.length), threshold };
}

/** Loads what the next key stroke is likely to ask for. */
function usePrefetch(
  place: Readonly<Ref<ListPlace>>,
  runs: () => readonly (RunSummary | undefined)[],
): void {
  const examples = useExamplesStore();
  watch(place, ({ next, previous }) => {
    const neighbours = [next, previous].filter((id) => id !== null);
    for (const run of runs()) {
      if (run !== undefined) examples.prefetchHistories(run.id, neighbours);
    }
  });
}
