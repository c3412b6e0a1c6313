import { computed, ref, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import { runsOfRow } from './tableRows.ts';
import type { TableRow } from './tableRows.ts';

type Rows = Readonly<Ref<readonly TableRow[]>>;

const idsOf = (row: TableRow | undefined): string[] =>
  row === undefined ? [] : runsOfRow(row).map(({ id }) => id);

/** The row that keys act on; where it leaves the table, the one that takes its place. */
function useActiveRow(rows: Rows) {
  const activeKey = ref<string | null>(null);
  const activeIndex = computed(() => rows.value.findIndex(({ key }) => key === activeKey.value));
  const activeRow = computed(() => rows.value[activeIndex.value]);
  const clamp = (index: number): number => Math.max(0, Math.min(rows.value.length - 1, index));

  function moveTo(index: number): number {
    const place = clamp(index);
    activeKey.value = rows.value[place]?.key ?? null;
    return place;
  }

  watch(rows, (_now, before) => {
    if (activeKey.value === null || activeIndex.value !== -1) return;
    moveTo(before.findIndex(({ key }) => key === activeKey.value));
  });

  return { activeKey, activeIndex, activeRow, moveTo };
}

/** The active row and the runs that are selected. Both follow the rows as they change. */
export function useRowSelection(rows: Rows) {
  const { moveTo, ...active } = useActiveRow(rows);
  const selected = shallowRef<ReadonlySet<string>>(new Set());
  /** Where a range began. */
  let anchor = 0;

  const select = (ids: Iterable<string>): void => {
    selected.value = new Set(ids);
  };
  const isSelected = (row: TableRow): boolean => idsOf(row).every((id) => selected.value.has(id));

  /** The selected runs in the order of the table, else those of the active row. */
  const targets = computed(() => {
    const inOrder = [...new Set(rows.value.flatMap(idsOf))].filter((id) => selected.value.has(id));
    return inOrder.length > 0 ? inOrder : idsOf(active.activeRow.value);
  });

  function activate(index: number): void {
    anchor = moveTo(index);
  }

  function toggle(row: TableRow): void {
    const ids = idsOf(row);
    const others = [...selected.value].filter((id) => !ids.includes(id));
    select(isSelected(row) ? others : [...others, ...ids]);
  }

  /** Selects from the row where the range began to `index`, which becomes active. */
  function extendTo(index: number): void {
    const end = moveTo(index);
    const [from, to] = [Math.min(anchor, end), Math.max(anchor, end)];
    select(rows.value.slice(from, to + 1).flatMap(idsOf));
  }

  // A run that left the view cannot be acted on unseen.
  watch(rows, (now) => {
    const present = new Set(now.flatMap(idsOf));
    const kept = [...selected.value].filter((id) => present.has(id));
    if (kept.length < selected.value.size) select(kept);
  });

  return {
    ...{ ...active, selected, targets, isSelected, activate, toggle, extendTo },
    selectAll: () => {
      select(rows.value.flatMap(idsOf));
    },
    clear: () => {
      select([]);
    },
  };
}

export type RowSelection = ReturnType<typeof useRowSelection>;
