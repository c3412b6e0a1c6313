// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { effectScope, shallowRef } from 'vue';
import { expect, it, vi } from 'vitest';
import { RouterLink } from 'vue-router';
import RunsTable from '../../../../src/renderer/components/runs/RunsTable.vue';
import type { RunColumn } from '../../../../src/renderer/components/runs/columns.ts';
import { buildRows } from '../../../../src/renderer/components/runs/tableRows.ts';
import { useRowSelection } from '../../../../src/renderer/components/runs/useRowSelection.ts';
import { useRunsStore } from '../../../../src/renderer/stores/runs.ts';
import { settle, startStore } from '../../stores/startStore.ts';
import { buildSummary } from './builders.ts';

/** A column that notes the runs whose cells were written since `drawn` was emptied. */
let drawn: number[] = [];
const column: RunColumn = {
  ...{ key: 'seed', title: 'Seed', header: 'Seed', width: 100, align: 'start', kind: 'text' },
  sortValue: ({ seed }) => seed,
  text: ({ seed }) => {
    drawn.push(seed);
    return String(seed);
  },
};
const runs = Array.from({ length: 200 }, (_, seed) => buildSummary({ id: `run-${seed}`, seed }));

/** The table in a window of ten rows of 32 pixels, and ten rows beyond it. */
async function openTable() {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(320);
  startStore({ events: () => new Promise(() => undefined) }, useRunsStore);
  const rows = shallowRef(buildRows(runs, [], false, new Set()));
  const selection = effectScope().run(() => useRowSelection(rows));
  if (selection === undefined) throw new Error('There is no selection.');
  const props = { rows: rows.value, columns: [column], sort: [], selection };
  const table = mount(RunsTable, {
    props: { ...props, grouped: false, inBin: false },
    global: { components: { RouterLink } },
  });
  await settle();
  const show = (ofRuns: typeof runs): void =>
    void table.setProps({ rows: buildRows(ofRuns, [], false, new Set()) });
  return { element: table.element as HTMLElement, selection, show };
}

const countFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

it('draws what comes into view and nothing else, whatever is scrolled, selected or changed', async () => {
  const { element, selection, show } = await openTable();
  const seen = drawn.length;
  expect(drawn).toEqual(countFrom(0, seen));
  expect(seen).toBeLessThan(30);

  drawn = [];
  element.scrollTop = 5 * 32;
  element.dispatchEvent(new Event('scroll'));
  await settle();
  expect(drawn).toEqual(countFrom(seen, 5));

  drawn = [];
  selection.activate(7);
  await settle();
  expect(drawn).toEqual([7]);

  drawn = [];
  show(runs.map((run) => (run.seed === 9 ? { ...run, tags: ['new'] } : run)));
  await settle();
  expect(drawn).toEqual([9]);
});
