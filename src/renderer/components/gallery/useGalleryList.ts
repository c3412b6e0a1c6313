import { computed, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { useLatest } from '../../composables/useLatest.ts';
import type { UserError } from '../../composables/userError.ts';
import type { EpochColumns } from '../../examples/epochColumns.ts';
import { filterPositions, orderPositions, sortValues } from '../../examples/ordering.ts';
import { useExamplesStore } from '../../stores/examples.ts';
import type { GalleryQuery } from './galleryQuery.ts';

export interface GalleryList {
  /** Of the epoch asked for, or of the one before while that is on its way. */
  columns: Readonly<ShallowRef<EpochColumns | null>>;
  /** Positions in `columns` that the query selects, in its order. */
  positions: Readonly<Ref<Uint32Array>>;
  exampleIds: Readonly<Ref<Uint32Array>>;
  pending: Readonly<Ref<boolean>>;
  error: Readonly<Ref<UserError | null>>;
}

const nothing = new Uint32Array(0);

/** The images of one epoch that a query selects. Without an epoch there are none. */
export function useGalleryList(
  runId: Readonly<Ref<string>>,
  epoch: Readonly<Ref<number | null>>,
  query: Readonly<Ref<GalleryQuery>>,
): GalleryList {
  const examples = useExamplesStore();
  const current = useColumns(runId, epoch);
  const isByChange = computed(() => query.value.sort === 'change');
  const before = useColumns(
    runId,
    computed(() =>
      isByChange.value && epoch.value !== null && epoch.value > 0 ? epoch.value - 1 : null,
    ),
  );

  watch(current.columns, (columns) => {
    if (columns === null) return;
    examples.prefetchEpochs(
      runId.value,
      [columns.epoch + 1, columns.epoch - 1].filter((neighbour) => neighbour >= 0),
    );
  });

  const order = computed(() => {
    const columns = current.columns.value;
    if (columns === null) return nothing;
    const previous = isByChange.value ? before.columns.value : null;
    const isBefore = previous?.epoch === columns.epoch - 1;
    const values = sortValues(columns, query.value.sort, isBefore ? previous : null);
    return orderPositions(values, columns.exampleIds, query.value.descending);
  });
  const positions = computed(() =>
    current.columns.value === null
      ? nothing
      : filterPositions(current.columns.value, order.value, query.value),
  );
  const exampleIds = computed(() =>
    positions.value.map((position) => current.columns.value?.exampleIds[position] ?? 0),
  );
  return { ...current, positions, exampleIds };
}

/** Keeps the names of a list's classes, by which its query is read before there is a list. */
export function useClassNames(
  { columns }: Pick<GalleryList, 'columns'>,
  classNames: Ref<readonly string[]>,
): void {
  watch(columns, (shown) => (classNames.value = shown?.classNames ?? []), {
    flush: 'sync',
    immediate: true,
  });
}

/** The columns of an epoch, at once where they are known. */
export function useColumns(
  runId: Readonly<Ref<string>>,
  epoch: Readonly<Ref<number | null>>,
): Pick<GalleryList, 'columns' | 'pending' | 'error'> {
  const examples = useExamplesStore();
  const columns = shallowRef<EpochColumns | null>(null);
  const loading = useLatest((signal: AbortSignal, id: string, wanted: number) =>
    examples.loadEpoch(id, wanted, signal),
  );
  watch(loading.value, (loaded) => (columns.value = loaded ?? null), { flush: 'sync' });
  watch(
    [runId, epoch, () => examples.forgotten] as const,
    ([id, wanted], [previousId]) => {
      if (id !== previousId) columns.value = null;
      const known = wanted === null ? null : examples.peekEpoch(id, wanted);
      if (wanted !== null && known === undefined) void loading.load(id, wanted);
      else {
        loading.cancel();
        columns.value = known ?? null;
      }
    },
    { immediate: true },
  );
  const error = computed(() => (columns.value?.epoch === epoch.value ? null : loading.error.value));
  return { columns, pending: loading.pending, error };
}
