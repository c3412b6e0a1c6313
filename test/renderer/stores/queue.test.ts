import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useConnectionStore } from '../../../src/renderer/stores/connection.ts';
import { useQueueStore } from '../../../src/renderer/stores/queue.ts';
import { moveItem, orderQueue } from '../../../src/renderer/stores/queueOrder.ts';
import { useRunsStore } from '../../../src/renderer/stores/runs.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../support/rendererApp.ts';
import { buildSummary } from '../components/runs/builders.ts';

describe('orderQueue', () => {
  it('follows the known order, and puts what it does not name behind, oldest first', () => {
    const runs = ['2026-01-03', '2026-01-01', '2026-01-02', '2026-01-04'].map((day, index) =>
      buildSummary({ id: 'abcd'[index] ?? '', createdAt: `${day}T00:00:00.000Z` }),
    );
    expect(orderQueue(runs, ['d', 'gone', 'a']).map(({ id }) => id)).toEqual(['d', 'a', 'b', 'c']);
  });
});

describe('moveItem', () => {
  it('moves one and leaves the others in their order', () => {
    const lists = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lists, fc.nat(7), fc.integer({ min: -2, max: 10 }), (items, from, place) => {
        const item = items[from % items.length] ?? 0;
        const moved = moveItem(items, item, place);
        expect(moved.indexOf(item)).toBe(Math.max(0, Math.min(place, items.length - 1)));
        expect(moved.filter((other) => other !== item)).toEqual(
          items.filter((other) => other !== item),
        );
      }),
    );
  });
});

describe('the queue', () => {
  it('shows a move at once, and takes it back where it fails', async () => {
    const fake = createFakeWorkbench({ runs: 30 });
    const { run } = await createRendererApp(connectDirectly(fake.api));
    const queue = run(() => useQueueStore());
    run(() => {
      useConnectionStore().start();
    });
    await run(() => useRunsStore()).load();
    const [first = '', second = ''] = queue.queued.map(({ id }) => id);
    const moving = queue.move(first, 1);
    expect(queue.queued.map(({ id }) => id)).toEqual([second, first]);
    await moving;
    await settle();
    expect(queue.queued.map(({ id }) => id)).toEqual([second, first]);

    fake.api.runs.reorder = () => Promise.reject(new Error('no'));
    await expect(queue.move(first, 0)).rejects.toThrow('no');
    expect(queue.queued.map(({ id }) => id)).toEqual([second, first]);
  });
});
