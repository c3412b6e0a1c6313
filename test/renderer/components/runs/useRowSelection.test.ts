import { effectScope, nextTick, shallowRef } from 'vue';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildRows } from '../../../../src/renderer/components/runs/tableRows.ts';
import type { TableRow } from '../../../../src/renderer/components/runs/tableRows.ts';
import { useRowSelection } from '../../../../src/renderer/components/runs/useRowSelection.ts';
import type { RowSelection } from '../../../../src/renderer/components/runs/useRowSelection.ts';
import { buildSummary } from './builders.ts';

const rowsOf = (ids: string): TableRow[] =>
  buildRows(
    Array.from(ids, (id) => buildSummary({ id })),
    [],
    false,
    new Set(),
  );
const rows = shallowRef<readonly TableRow[]>([]);
let selection: RowSelection;

beforeEach(() => {
  rows.value = rowsOf('abcdef');
  selection = effectScope().run(() => useRowSelection(rows)) as RowSelection;
});

const targets = (): string => selection.targets.value.join('');

describe('useRowSelection', () => {
  it('acts on the active row while nothing is selected', () => {
    selection.activate(2);
    expect(targets()).toBe('c');
  });

  it('selects a range from where it began, in the order of the table', () => {
    selection.activate(3);
    selection.extendTo(1);
    expect(targets()).toBe('bcd');
    selection.extendTo(4);
    expect(targets()).toBe('de');
    expect(selection.activeKey.value).toBe('e');
  });

  it('toggles single rows', () => {
    for (const index of [4, 1, 4]) selection.toggle(rows.value[index] as TableRow);
    expect(targets()).toBe('b');
  });

  it('lets go of runs that leave the table, and goes on at their place', async () => {
    selection.activate(2);
    selection.selectAll();
    rows.value = rowsOf('abef');
    await nextTick();
    expect(targets()).toBe('abef');
    expect(selection.activeKey.value).toBe('e');
  });
});
