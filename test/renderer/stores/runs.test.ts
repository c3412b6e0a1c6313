import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useConnectionStore } from '../../../src/renderer/stores/connection.ts';
import { useRunsStore } from '../../../src/renderer/stores/runs.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import type { RunSummary } from '../../../src/core/records.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import type { FakeWorkbench } from '../../support/fakeWorkbench.ts';
import { gather } from '../../support/pieces.ts';
import { connectDirectly, createRendererApp, settle } from '../../support/rendererApp.ts';
import { buildSummary } from '../components/runs/builders.ts';

let fake: FakeWorkbench;
let store: ReturnType<typeof useRunsStore>;

/** Runs what a test wants to happen after the workbench has answered, before the answer is there. */
function whileAnswering(action: () => void): void {
  const { runs } = fake.api;
  const { get } = runs;
  runs.get = async (...values) => {
    const answered = await get(...values);
    runs.get = get;
    action();
    await settle();
    return answered;
  };
}

/** Lists the runs outside the bin one by one, and does something before each. */
function whileListing(action: (index: number) => unknown): void {
  const { list } = fake.api.runs;
  fake.api.runs.list = async function* (input, options) {
    const runs = await gather(list(input, options));
    if (input.deleted) yield runs;
    else {
      for (const [i, run] of runs.entries()) {
        await action(i);
        yield [run];
      }
    }
  };
}

async function open(): Promise<void> {
  const { run } = await createRendererApp(connectDirectly(fake.api));
  store = run(() => {
    const opened = useRunsStore();
    useConnectionStore().start();
    return opened;
  });
  await settle();
}

beforeEach(() => {
  fake = createFakeWorkbench({ runs: 30 });
});

describe('the list', () => {
  it('holds runs newest first, and the bin apart', async () => {
    await open();
    await store.load();
    expect(store.state).toBe('ready');
    expect(store.runs).toHaveLength(30);
    expect(store.runs[0]?.id).toBe('run-0030');
    await store.moveToBin(['run-0030']);
    expect(store.runs[0]?.id).not.toBe('run-0030');
    expect(store.bin.map(({ id }) => id)).toEqual(['run-0030']);
    await store.restore(['run-0030']);
    expect(store.runs).toHaveLength(30);
  });

  it('says why it could not be loaded, and keeps what it had', async () => {
    await open();
    await store.load();
    fake.api.runs.list = () => Promise.reject(new Error('disk on fire'));
    await store.load();
    expect(store.state).toBe('failed');
    expect(store.error?.message).toBe('disk on fire');
    expect(store.runs).toHaveLength(30);
  });

  it('follows events: changed, new and purged runs', async () => {
    await open();
    await store.load();
    fake.publish({ type: 'run', run: buildSummary({ id: 'new', name: 'from elsewhere' }) });
    fake.publish({ type: 'purged', runId: 'run-0001' });
    await settle();
    expect(store.summaryOf('new')?.name).toBe('from elsewhere');
    expect(store.summaryOf('run-0001')).toBeUndefined();
  });

  it('shows what has arrived, and drops what is gone only when all is there', async () => {
    await open();
    await store.load();
    fake.publish({ type: 'run', run: buildSummary({ id: 'gone', name: 'purged unheard' }) });
    await settle();
    const next: PromiseWithResolvers<undefined>[] = [];
    whileListing((index) => (next[index] = Promise.withResolvers<undefined>()).promise);
    fake.publish({ type: 'reset' });
    await settle();
    const known = store.runs.length;
    next[0]?.resolve(undefined);
    await settle();
    expect(store.runs).toHaveLength(known);
    for (let i = 1; i < 30; i += 1) {
      next[i]?.resolve(undefined);
      await settle();
    }
    expect(store.runs.map(({ id }) => id)).not.toContain('gone');
    expect(store.runs).toHaveLength(known - 1);
  });

  it('has rows before the list has ended', async () => {
    await open();
    const next = Promise.withResolvers<undefined>();
    whileListing((index) => (index === 3 ? next.promise : undefined));
    const loaded = store.load();
    await settle();
    // The first at once; what follows soon, and together.
    expect(store.runs).toHaveLength(1);
    await vi.waitUntil(() => store.runs.length === 3);
    expect(store.state).toBe('loading');
    next.resolve(undefined);
    await loaded;
    expect(store.state).toBe('ready');
    expect(store.runs).toHaveLength(30);
  });

  it('believes an event that overtook the list', async () => {
    whileListing(async (index) => {
      if (index > 0) return;
      fake.publish({ type: 'run', run: buildSummary({ id: 'run-0004', name: 'renamed since' }) });
      fake.publish({ type: 'purged', runId: 'run-0005' });
      await settle();
    });
    await open();
    await store.load();
    expect(store.summaryOf('run-0004')?.name).toBe('renamed since');
    expect(store.summaryOf('run-0005')).toBeUndefined();
    expect(store.runs.length).toBeGreaterThan(20);
  });
});

describe('a whole run', () => {
  const epochsOf = (runId: string): number[] | undefined =>
    store.detailOf(runId)?.epochs.map(({ epoch }) => epoch);

  it('is loaded once and kept current', async () => {
    await open();
    await store.load();
    const [first, second] = await Promise.all([
      store.ensureRun('run-0030'),
      store.ensureRun('run-0030'),
    ]);
    expect(first).toBe(second);
    expect(epochsOf('run-0030')).toEqual([0, 1, 2, 3, 4]);
    fake.advance(100);
    await settle();
    expect(epochsOf('run-0030')).toEqual([0, 1, 2, 3, 4, 5]);
    await store.rename('run-0030', 'a better name');
    expect(store.detailOf('run-0030')?.name).toBe('a better name');
    expect(epochsOf('run-0030')).toHaveLength(6);
  });

  it('takes an epoch twice once, and in order', async () => {
    await open();
    await store.ensureRun('run-0030');
    const publish = (epoch: number): void => {
      const metrics = buildMetrics({ epoch, testAccuracy: 0.5 });
      fake.publish({ type: 'epoch', runId: 'run-0030', metrics });
    };
    [6, 5, 4].forEach(publish);
    await settle();
    expect(epochsOf('run-0030')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(store.detailOf('run-0030')?.epochs[4]?.testAccuracy).toBe(0.5);
  });

  it('keeps an epoch that overtook it', async () => {
    await open();
    whileAnswering(() => {
      fake.advance(100);
    });
    await store.ensureRun('run-0030');
    expect(epochsOf('run-0030')).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('rejects for a run that is not there, and can be asked for again', async () => {
    await open();
    await expect(store.ensureRun('nobody')).rejects.toThrow('nobody');
    await expect(store.ensureRun('nobody')).rejects.toThrow('nobody');
  });
});

describe('after events were missed', () => {
  it('loads the list and every whole run again', async () => {
    await open();
    await store.load();
    await store.ensureRun('run-0004');
    const changed = fake.runs.get('run-0004');
    if (changed !== undefined)
      fake.runs.set('run-0004', { ...changed, name: 'unheard', epochs: [] });
    fake.runs.delete('run-0003');
    fake.publish({ type: 'reset' } satisfies WorkbenchEvent);
    await settle();
    await settle();
    expect(store.summaryOf('run-0003')).toBeUndefined();
    expect(store.summaryOf('run-0004')?.name).toBe('unheard');
    expect(store.detailOf('run-0004')?.epochs).toEqual([]);
  });
});

describe('progress', () => {
  it('is there while the run is', async () => {
    await open();
    await store.load();
    fake.advance(10);
    await settle();
    expect(store.progressOf('run-0030')?.progress.step).toBe(10);
    const paused: RunSummary = await store.pause('run-0030');
    expect(paused.status).toBe('paused');
    expect(store.progressOf('run-0030')).toBeUndefined();
  });
});
