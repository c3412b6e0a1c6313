import { describe, expect, it } from 'vitest';
import { useFiguresStore } from '../../../src/renderer/stores/figures.ts';
import { useConnectionStore } from '../../../src/renderer/stores/connection.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { fakeRun, summarize } from '../../support/fakeRuns.ts';
import { recordCalls, settle, startStore } from './startStore.ts';

/** The store with a stream of events that the test feeds. */
function start() {
  const list = recordCalls<object>();
  let send: (event: WorkbenchEvent) => void = () => undefined;
  const events = async function* (): AsyncGenerator<WorkbenchEvent> {
    for (;;) {
      yield await new Promise<WorkbenchEvent>((resolve) => (send = resolve));
    }
  };
  const client = { figures: { list: list.call }, events: () => Promise.resolve(events()) };
  const store = startStore(client, () => {
    const figures = useFiguresStore();
    useConnectionStore().start();
    return figures;
  });
  const tell = async (event: WorkbenchEvent): Promise<void> => {
    await settle();
    send(event);
    await settle();
  };
  return { store, tell, calls: list.calls };
}

const saved = (name: string) => ({
  id: name,
  name,
  specification: { template: 'cam-pair' },
  createdAt: '',
  changedAt: '',
});
const run = summarize(fakeRun(4, 30, 0));

describe('saved figures', () => {
  it('are loaded when they are first wanted, and again when they changed', async () => {
    const { store, tell, calls } = start();
    await tell({ type: 'figures' });
    expect(calls).toHaveLength(0);
    const first = store.ensure();
    calls[0]?.answer([saved('a')]);
    await first;
    await store.ensure();
    expect(calls).toHaveLength(1);
    await tell({ type: 'figures' });
    expect(calls).toHaveLength(2);
    calls[1]?.answer([saved('b'), saved('a')]);
    await settle();
    expect(store.saved.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('show the newest answer, whichever comes last', async () => {
    const { store, calls } = start();
    void store.reload();
    const second = store.reload();
    calls[1]?.answer([saved('new')]);
    calls[0]?.answer([saved('old')]);
    await second;
    await settle();
    expect(store.saved.map(({ name }) => name)).toEqual(['new']);
  });
});

describe('a run’s changes', () => {
  it('count where figures show them: epochs, names, its end; not every step', async () => {
    const { store, tell } = start();
    const changes = (): number => store.changesOf([run.id, 'other']);
    await tell({ type: 'run', run });
    expect(changes()).toBe(0);
    await tell({ type: 'run', run: { ...run, status: 'paused' } });
    expect(changes()).toBe(0);
    await tell({ type: 'run', run: { ...run, name: 'renamed' } });
    expect(changes()).toBe(1);
    await tell({ type: 'epoch', runId: run.id, metrics: buildMetrics({ epoch: 3 }) });
    expect(changes()).toBe(2);
    await tell({ type: 'epoch', runId: 'a third', metrics: buildMetrics({ epoch: 3 }) });
    expect(changes()).toBe(2);
    await tell({ type: 'purged', runId: 'other' });
    expect(changes()).toBe(3);
  });
});
