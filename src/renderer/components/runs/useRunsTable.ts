import { useMediaQuery } from '../../composables/useMediaQuery.ts';
import { computed, shallowReactive } from 'vue';
import type { WritableComputedRef } from 'vue';
import { flagParam, listParam, textParam, useQueryParam } from '../../composables/useQueryParam.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { defaultColumnKeys, resolveColumns, wideColumnKeys } from './columns.ts';
import { facetNames, filterRuns } from './filtering.ts';
import type { FacetName, Facets } from './filtering.ts';
import { sortParam } from './sorting.ts';
import { buildRows } from './tableRows.ts';

const storageKey = 'afterimage.runs.columns';

/** The columns in the URL, else those chosen last, else what fits the window. */
function useColumnKeys(): WritableComputedRef<readonly string[]> {
  const fromUrl = useQueryParam('columns', listParam);
  const isWide = useMediaQuery('(min-width: 1900px)');
  return computed({
    get: () => {
      if (fromUrl.value.length > 0) return fromUrl.value;
      const stored = localStorage.getItem(storageKey);
      if (stored !== null) return stored.split(',');
      return isWide.value ? wideColumnKeys : defaultColumnKeys;
    },
    set: (keys) => {
      if (keys.length === 0) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, keys.join(','));
      fromUrl.value = [...keys];
    },
  });
}

/** What the runs view shows: every choice in the URL, the rows that follow from it. */
export function useRunsTable() {
  const store = useRunsStore();
  const text = useQueryParam('q', textParam());
  const inBin = useQueryParam('bin', flagParam, 'push');
  const grouped = useQueryParam('group', flagParam, 'push');
  const sort = useQueryParam('sort', sortParam);
  const columnKeys = useColumnKeys();
  const columns = computed(() => resolveColumns(columnKeys.value));

  const facetParams = Object.fromEntries(
    facetNames.map((name) => [name, useQueryParam(name, listParam, 'push')]),
  ) as Record<FacetName, WritableComputedRef<string[]>>;
  const facets = computed((): Facets => {
    const { status, paradigm, dataset, tag } = facetParams;
    return {
      status: status.value,
      paradigm: paradigm.value,
      dataset: dataset.value,
      tag: tag.value,
    };
  });
  const setFacet = (name: FacetName, values: string[]): void => {
    facetParams[name].value = values;
  };

  const expanded = shallowReactive(new Set<string>());
  const toggleGroup = (key: string): void => {
    if (!expanded.delete(key)) expanded.add(key);
  };

  /** All runs of the list or of the bin, before any filter. */
  const all = computed(() => (inBin.value ? store.bin : store.runs));
  const shown = computed(() => filterRuns(all.value, text.value, facets.value));
  const rows = computed(() => buildRows(shown.value, sort.value, grouped.value, expanded));

  const isFiltered = computed(
    () => text.value !== '' || facetNames.some((name) => facets.value[name].length > 0),
  );
  function clearFilters(): void {
    text.value = '';
    for (const name of facetNames) facetParams[name].value = [];
  }

  return {
    text,
    inBin,
    grouped,
    sort,
    columnKeys,
    columns,
    facets,
    setFacet,
    expanded,
    toggleGroup,
    all,
    shown,
    rows,
    isFiltered,
    clearFilters,
  };
}

export type RunsTable = ReturnType<typeof useRunsTable>;
