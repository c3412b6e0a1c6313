import { computed, ref } from 'vue';
import type { ComputedRef } from 'vue';
import type { RunColumn } from './columns.ts';
import type { SortLevel } from './sorting.ts';

const storageKey = 'afterimage.runs.widths';
const [narrowest, widest] = [36, 800];

/** Of a letter in a header, and of what stands beside: padding, the arrow, the level, CSS pixels. */
const [letterPx, paddingPx, arrowPx, levelPx] = [7, 16, 13, 12];

/** What a column's header needs to be read whole, with the mark of its order. */
export function headerWidth({ header, key }: RunColumn, sort: readonly SortLevel[]): number {
  const isSorted = sort.some(({ column }) => column === key);
  const marks = isSorted ? arrowPx + (sort.length > 1 ? levelPx : 0) : 0;
  return Math.ceil(paddingPx + letterPx * header.length + marks);
}

const isWidth = (entry: [string, unknown]): entry is [string, number] =>
  typeof entry[1] === 'number';

function readStored(): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    return Object.fromEntries(Object.entries(stored ?? {}).filter(isWidth));
  } catch {
    return {};
  }
}

export interface ColumnWidths {
  /** Of the table's columns as they are shown, CSS pixels; the name's is its least. */
  widths: ComputedRef<readonly number[]>;
  /** Tracks of a grid: the name takes what is left until somebody says how wide it is. */
  tracks: ComputedRef<string>;
  resize: (key: string, width: number) => void;
  /** Back to the width that the column has by itself. */
  reset: (key: string) => void;
}

/** How wide columns are: as they were dragged last, but never narrower than what heads them. */
export function useColumnWidths(
  columns: () => readonly RunColumn[],
  sort: () => readonly SortLevel[],
): ColumnWidths {
  const chosen = ref(readStored());
  const keep = (next: Record<string, number>): void => {
    chosen.value = next;
    localStorage.setItem(storageKey, JSON.stringify(next));
  };
  const widthOf = (column: RunColumn): number => {
    const wished = chosen.value[column.key];
    const isSorted = sort().some((level) => level.column === column.key);
    if (wished === undefined && !isSorted) return column.width;
    return Math.max(wished ?? column.width, headerWidth(column, sort()));
  };
  const widths = computed(() => columns().map(widthOf));
  const tracks = computed(() =>
    columns()
      .map(({ key, kind }, i) => {
        const width = `${widths.value[i] ?? 0}px`;
        return kind === 'name' && chosen.value[key] === undefined ? `minmax(${width}, 1fr)` : width;
      })
      .join(' '),
  );
  return {
    widths,
    tracks,
    resize: (key, width) => {
      const kept = Math.round(Math.min(Math.max(width, narrowest), widest));
      keep({ ...chosen.value, [key]: kept });
    },
    reset: (key) => {
      keep(Object.fromEntries(Object.entries(chosen.value).filter(([name]) => name !== key)));
    },
  };
}
